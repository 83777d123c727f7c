-- The followers of an office's accounts beside the interactions of its counted posts, so that a
-- small office sees itself fairly; never part of a rank. Known where a file tells the followers of
-- an account on the day of a post or within the six days before, captured up to the cut-off: a
-- series by day, or a response, which tells those of the day on which it was captured.
with counts as (
    select
        account_id,
        date_day,
        captured_at,
        sha256,
        metric_value as follower_count
    from {{ ref('int_account_days') }}
    where metric = 'followers' and metric_value is not null
    union all
    select
        account_id,
        cast(captured_at as date) as date_day,
        captured_at,
        sha256,
        account_follower_count as follower_count
    from {{ ref('int_delivery_contents') }}
    where account_follower_count is not null and not is_disproved
),

posts as (
    select
        policy_id,
        month,
        league,
        office_id,
        platform,
        account_id,
        local_date,
        cutoff_at,
        coalesce(value, 0) as value
    from {{ ref('int_post_values') }}
    where reason = 'counted' and not is_neighbouring
),

days as (
    select distinct
        policy_id,
        account_id,
        local_date,
        cutoff_at
    from posts
),

-- The last day that is told holds, of its captures the last.
told as (
    select
        days.policy_id,
        days.account_id,
        days.local_date,
        counts.follower_count,
        row_number() over (
            partition by days.policy_id, days.account_id, days.local_date
            order by
                counts.date_day desc,
                counts.captured_at desc,
                counts.sha256 asc,
                counts.follower_count asc
        ) as position
    from days
    inner join counts
        on days.account_id = counts.account_id
        and counts.date_day between {{ add_days('days.local_date', -6) }} and days.local_date
        and (days.cutoff_at is null or counts.captured_at <= days.cutoff_at)
),

accounts as (
    select
        posts.policy_id,
        posts.month,
        posts.league,
        posts.office_id,
        posts.platform,
        posts.account_id,
        count(*) as post_count,
        count(told.follower_count) as known_post_count,
        sum(told.follower_count) as follower_sum,
        sum(case when told.follower_count is not null then posts.value else 0 end)
            as interaction_count
    from posts
    left join told
        on posts.policy_id = told.policy_id
        and posts.account_id = told.account_id
        and posts.local_date = told.local_date
        and told.position = 1
    group by
        posts.policy_id,
        posts.month,
        posts.league,
        posts.office_id,
        posts.platform,
        posts.account_id
),

-- Each account's followers are the mean over its posts.
by_platform as (
    select
        policy_id,
        month,
        league,
        office_id,
        platform,
        sum(post_count) as post_count,
        sum(known_post_count) as known_post_count,
        sum(case
            when known_post_count > 0 then {{ nearest('follower_sum', 'known_post_count') }}
        end) as follower_count,
        sum(interaction_count) as interaction_count
    from accounts
    group by policy_id, month, league, office_id, platform
),

offices as (
    select * from by_platform
    union all
    select
        policy_id,
        month,
        league,
        office_id,
        cast(null as {{ dbt.type_string() }}) as platform,
        sum(post_count) as post_count,
        sum(known_post_count) as known_post_count,
        sum(follower_count) as follower_count,
        sum(interaction_count) as interaction_count
    from by_platform
    group by policy_id, month, league, office_id
)

select
    month,
    policy_id,
    league,
    office_id,
    platform,
    cast(post_count as bigint) as post_count,
    cast(known_post_count as bigint) as known_post_count,
    cast(follower_count as bigint) as follower_count,
    cast(interaction_count as bigint) as interaction_count,
    -- Whole hundredths, to the nearest.
    cast(
        case
            when follower_count > 0
                then {{ nearest('interaction_count * 100000', 'follower_count') }} / 100
        end as decimal(18, 2)
    ) as per_thousand_ratio
from offices
