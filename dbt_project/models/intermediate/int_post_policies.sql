{{ config(materialized='view') }}
-- Each post under each policy: its month and date in the policy's zone, the office and league that
-- its account belonged to then, and whether it counts.
-- A post that is known to the day only may, on a month's edge, be of the month beside. So it is
-- here once more, as a neighbour of that month: as on its adjacent day, and up to its cut-off.
with policies as (
    select *, row_number() over (order by policy_id) as policy_number
    from {{ ref('stg_policies') }}
),

sides as (
    select false as is_neighbouring
    union all
    select true as is_neighbouring
),

dated as (
    select
        posts.*,
        policies.policy_number,
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

edged as (
    select
        *,
        published_precision = 'day' and local_date = {{ month_of('local_date') }}
            as is_on_first_day,
        published_precision = 'day'
        and {{ add_days('local_date', 1) }} = {{ next_month(month_of('local_date')) }}
            as is_on_last_day
    from dated
),

judged as (
    select
        edged.*,
        sides.is_neighbouring,
        -- Posts under policies go by a number too.
        edged.post_number * 2048
        + edged.policy_number * 2
        + case when sides.is_neighbouring then 1 else 0 end as post_policy_number,
        case
            when sides.is_neighbouring and edged.is_on_first_day
                then {{ add_days('edged.local_date', -1) }}
            when sides.is_neighbouring then {{ add_days('edged.local_date', 1) }}
            else edged.local_date
        end as judged_date
    from edged
    inner join sides
        on not sides.is_neighbouring or edged.is_on_first_day or edged.is_on_last_day
),

placed as (
    select
        judged.*,
        {{ month_of('judged.judged_date') }} as month,
        accounts.office_id,
        offices.league,
        -- The instants between which it was published: one, or the edges of a day.
        case
            when judged.published_precision = 'day'
                then {{ to_utc(start_of('judged.published_date'), 'judged.time_zone') }}
            else judged.published_at
        end as published_from_at,
        case
            when judged.published_precision = 'day'
                then {{ to_utc(
                    start_of(add_days('judged.published_date', 1)), 'judged.time_zone'
                ) }}
            else judged.published_at
        end as published_to_at,
        case
            when judged.published_precision = 'day'
                then {{ to_utc(
                    dbt.dateadd('hour', 12, start_of('judged.published_date')), 'judged.time_zone'
                ) }}
            else judged.published_at
        end as published_middle_at
    from judged
    {{ join_office_on('judged.account_id', 'judged.judged_date') }}
)

select
    placed.post_policy_number,
    placed.policy_id,
    placed.post_number,
    placed.post_month,
    placed.month,
    placed.is_neighbouring,
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
    placed.is_on_first_day or placed.is_on_last_day as is_month_uncertain,
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
