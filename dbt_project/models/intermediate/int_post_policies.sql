{{ config(materialized='view') }}
-- Each post under each policy: its month and date in the policy's zone, the office and league that
-- its account belonged to then, and whether it counts.
with policies as (
    select *, row_number() over (order by policy_id) as policy_number
    from {{ ref('stg_policies') }}
),

dated as (
    select
        posts.*,
        -- Posts under policies go by a number too.
        posts.post_number * 1024 + policies.policy_number as post_policy_number,
        policies.policy_id,
        coalesce(doubtful.first_seen_at, posts.first_observed_at) as first_seen_at,
        policies.time_zone,
        policies.window_hours,
        policies.late_limit_hours,
        policies.platforms,
        policies.leagues,
        policies.counts_replies,
        policies.counts_reposts,
        policies.counts_stories,
        policies.counts_cross_posts,
        case
            when posts.published_precision = 'day' then posts.published_date
            else cast({{ to_local('posts.published_at', 'policies.time_zone') }} as date)
        end as local_date,
        cast(
            extract(hour from {{ to_local('posts.published_at', 'policies.time_zone') }}) as integer
        ) as local_hour
    from {{ ref('int_posts') }} as posts
    cross join policies
    left join {{ ref('int_doubtful_posts') }} as doubtful
        on policies.policy_id = doubtful.policy_id and posts.post_number = doubtful.post_number
),

placed as (
    select
        dated.*,
        {{ month_of('dated.local_date') }} as month,
        accounts.office_id,
        offices.league,
        -- The instants between which it was published: one, or the edges of a day.
        case
            when dated.published_precision = 'day'
                then {{ to_utc(start_of('dated.published_date'), 'dated.time_zone') }}
            else dated.published_at
        end as published_from_at,
        case
            when dated.published_precision = 'day'
                then {{ to_utc(start_of(add_days('dated.published_date', 1)), 'dated.time_zone') }}
            else dated.published_at
        end as published_to_at,
        case
            when dated.published_precision = 'day'
                then {{ to_utc(
                    dbt.dateadd('hour', 12, start_of('dated.published_date')), 'dated.time_zone'
                ) }}
            else dated.published_at
        end as published_middle_at
    from dated
    {{ join_office_on('dated.account_id', 'dated.local_date') }}
)

select
    placed.post_policy_number,
    placed.policy_id,
    placed.post_number,
    placed.post_month,
    placed.month,
    placed.local_date,
    placed.local_hour,
    placed.platform,
    placed.account_id,
    placed.office_id,
    placed.league,
    {{ counting_reason('placed', 'placed.office_id', 'placed.league', 'months.cutoff_at') }}
        as reason,
    placed.first_seen_at,
    placed.published_precision = 'day' as is_day_only,
    placed.published_precision = 'day'
    and (
        placed.local_date = placed.month
        or {{ add_days('placed.local_date', 1) }} = {{ next_month('placed.month') }}
    ) as is_month_uncertain,
    placed.published_from_at,
    placed.published_middle_at,
    months.cutoff_at,
    -- Where the window ends: at the earliest, as it is valued, at the latest.
    {{ dbt.dateadd('hour', 'placed.window_hours', 'placed.published_from_at') }}
        as window_ends_from_at,
    {{ dbt.dateadd('hour', 'placed.window_hours', 'placed.published_middle_at') }}
        as window_ends_at,
    {{ dbt.dateadd('hour', 'placed.window_hours', 'placed.published_to_at') }} as window_ends_to_at,
    {{ dbt.dateadd(
        'hour',
        '(placed.window_hours + placed.late_limit_hours)',
        'placed.published_middle_at',
    ) }} as evidence_ends_at
from placed
inner join {{ ref('int_policy_months') }} as months
    on placed.policy_id = months.policy_id and placed.month = months.month
