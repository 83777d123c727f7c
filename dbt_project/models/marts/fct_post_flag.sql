{{ config(materialized='by_month', unique_key='post_month', meta={'looks_back': 'all'}) }}
-- What stands out in counted posts under the policy in force, with its size; told, never used to
-- leave a post out. What is captured after the cut-off flags nothing, and a post is compared with
-- earlier ones only, so that a closed month's flags stay as they were. A month is built anew with
-- any month before it.
{% set threshold = {'outstanding': 4, 'late_burst': 2} %}
{% set least_deviation = 0.5 %}
with signs as (
    select *
    from {{ ref('int_post_signs') }}
    where post_month in (select post_month from {{ ref('int_batch_months') }})
),

counted as (
    select policy_id, account_id, post_month, post_number, value, grade
    from {{ ref('int_post_values') }}
    where reason = 'counted' and not is_neighbouring
),

months as (
    select
        counts.*,
        batch.post_month is not null as is_in_batch
    from (
        select policy_id, account_id, post_month, count(*) as post_count
        from counted
        where post_month <= (select max(post_month) from {{ ref('int_batch_months') }})
        group by policy_id, account_id, post_month
    ) as counts
    left join {{ ref('int_batch_months') }} as batch
        on counts.post_month = batch.post_month
),

-- Of the months before, those that hold an account's last hundred posts.
looked_at as (
    select policy_id, account_id, post_month, is_in_batch
    from (
        select
            *,
            sum(case when is_in_batch then 0 else post_count end) over (
                partition by policy_id, account_id order by post_month desc
                rows between unbounded preceding and 1 preceding
            ) as later_count
        from months
    ) as counted_back
    where is_in_batch or coalesce(later_count, 0) < 100
),

-- Each post's value on a scale of logarithms, on which few large numbers do not decide what is
-- usual. What was seen early only is lower than it was, so it tells nothing of what is usual.
scaled as (
    select
        counted.policy_id,
        counted.account_id,
        counted.post_month,
        looked_at.is_in_batch,
        posts.post_key,
        coalesce(posts.published_at, posts.published_date) as published_at,
        ln(1 + counted.value) as log_value,
        case when counted.grade <> 'early' then ln(1 + counted.value) end as usual_log_value
    from counted
    inner join looked_at
        on counted.policy_id = looked_at.policy_id
        and counted.account_id = looked_at.account_id
        and counted.post_month = looked_at.post_month
    inner join {{ ref('int_posts') }} as posts
        on counted.post_number = posts.post_number
        and counted.post_month = posts.post_month
    -- As the first join says already; by one month each, earlier months are not read for it.
    where
        counted.post_month >= (select min(of_values.post_month) from looked_at as of_values)
        and posts.post_month >= (select min(of_posts.post_month) from looked_at as of_posts)
),

compared as (
    select
        policy_id,
        account_id,
        post_key,
        is_in_batch,
        log_value,
        usual_log_value,
        row_number() over account_posts as position,
        count(usual_log_value) over last_hundred as earlier_count,
        {{ median_over('usual_log_value', 'last_hundred') }} as usual
    from scaled
    window
        account_posts as (
            partition by policy_id, account_id order by post_month, published_at, post_key
        ),
        last_hundred as (
            partition by policy_id, account_id
            order by post_month, published_at, post_key
            rows between 100 preceding and 1 preceding
        )
),

-- Nothing nearer to what is usual can stand out, since the deviation counts as 0.5 at least. How
-- far the hundred lie apart is worked out for the few others only; for each post it took seconds.
high as (
    select *
    from compared
    where
        is_in_batch
        and earlier_count >= 10
        and log_value - usual > {{ threshold['outstanding'] }} * {{ least_deviation }}
),

-- The robust z: 1.4826 makes the deviation that of a normal distribution, and below 0.5 small
-- differences would stand out where an account's posts are much alike.
outstanding as (
    select
        high.policy_id,
        high.post_key,
        cast(
            round(
                (high.log_value - high.usual) / greatest(
                    1.4826 * {{ median_of('abs(earlier.usual_log_value - high.usual)') }},
                    {{ least_deviation }}
                ),
                2
            ) as decimal(18, 2)
        ) as size
    from high
    inner join compared as earlier
        on high.policy_id = earlier.policy_id
        and high.account_id = earlier.account_id
        and earlier.position between high.position - 100 and high.position - 1
    where earlier.usual_log_value is not null
    group by high.policy_id, high.post_key, high.log_value, high.usual
),

vanished as (
    select distinct post_key
    from {{ ref('fct_flag') }}
    where flag = 'post_vanished'
),

-- Instants of an account's posts with one text, each beside the one before: of many posts with one
-- text there are far more pairs. Those known to the day only tell no order; what lies a day back
-- can be of the month before.
successive as (
    select
        account_id,
        caption_hash,
        published_at,
        lag(published_at) over text_posts as earlier_published_at,
        lag(post_key) over text_posts as earlier_post_key
    from (
        select account_id, caption_hash, published_at, min(post_key) as post_key
        from {{ ref('int_post_signs') }}
        where
            published_at is not null
            and post_month >= (
                select {{ previous_month('min(post_month)') }} from {{ ref('int_batch_months') }}
            )
            and post_month <= (select max(post_month) from {{ ref('int_batch_months') }})
        group by account_id, caption_hash, published_at
    ) as instants
    window text_posts as (partition by account_id, caption_hash order by published_at)
),

repeats as (
    select
        'same_text_within_day' as flag,
        signs.policy_id,
        signs.post_key,
        successive.earlier_post_key,
        {{ dbt.datediff('successive.earlier_published_at', 'signs.published_at', 'second') }}
            as second_count
    from signs
    inner join successive
        on signs.account_id = successive.account_id
        and signs.caption_hash = successive.caption_hash
        and signs.published_at = successive.published_at
    union all
    select
        'same_text_after_vanishing' as flag,
        signs.policy_id,
        signs.post_key,
        earlier.post_key as earlier_post_key,
        {{ dbt.datediff('earlier.published_at', 'signs.published_at', 'second') }}
            as second_count
    from signs
    inner join {{ ref('int_post_signs') }} as earlier
        on signs.account_id = earlier.account_id
        and signs.caption_hash = earlier.caption_hash
        and signs.post_month >= earlier.post_month
        and signs.published_at > earlier.published_at
        and signs.published_at > earlier.last_seen_at
    inner join vanished
        on earlier.post_key = vanished.post_key
),

-- Beside the one before it.
nearest_repeats as (
    select
        *,
        row_number() over (
            partition by flag, policy_id, post_key order by second_count, earlier_post_key
        ) as position
    from repeats
    where flag <> 'same_text_within_day' or second_count <= 86400
),

flags as (
    select
        'outstanding' as flag,
        policy_id,
        post_key,
        size,
        cast(null as {{ dbt.type_string() }}) as earlier_post_key
    from outstanding
    where size > {{ threshold['outstanding'] }}
    union all
    {%- for flag, size, condition in [
        ('interactions_above_views', 'excess_over_views', 'excess_over_views > 0'),
        ('interactions_above_reach', 'excess_over_reach', 'excess_over_reach > 0'),
        ('counter_fell', 'lost_part / 10000', 'lost_part > 0'),
        ('late_burst', 'burst_ratio', 'burst_ratio > ' ~ threshold['late_burst']),
    ] %}
    select
        '{{ flag }}' as flag,
        policy_id,
        post_key,
        cast(round({{ size }}, 2) as decimal(18, 2)) as size,
        cast(null as {{ dbt.type_string() }}) as earlier_post_key
    from signs
    where {{ condition }}
    union all
    {%- endfor %}
    select
        'post_vanished' as flag,
        signs.policy_id,
        signs.post_key,
        cast(null as decimal(18, 2)) as size,
        cast(null as {{ dbt.type_string() }}) as earlier_post_key
    from signs
    inner join vanished
        on signs.post_key = vanished.post_key
    union all
    select
        flag,
        policy_id,
        post_key,
        cast(round(second_count / 3600, 2) as decimal(18, 2)) as size,
        earlier_post_key
    from nearest_repeats
    where position = 1
)

select
    signs.policy_id,
    signs.month,
    signs.post_month,
    signs.league,
    signs.office_id,
    signs.account_id,
    flags.flag,
    flags.post_key,
    flags.size,
    flags.earlier_post_key,
    coalesce(signs.value, 0) as value
from flags
inner join signs
    on flags.policy_id = signs.policy_id and flags.post_key = signs.post_key
