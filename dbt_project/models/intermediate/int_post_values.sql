{{ config(materialized='by_month', unique_key='post_month') }}
-- Each post under each policy: what it was worth at the end of the policy's window, between which
-- bounds, and how well that is known (grade); beside it its last observation up to the cut-off.
-- Without a window that observation gives the value.
with edges as (
    select *
    from {{ ref('int_window_edges') }}
    where post_month in (select post_month from {{ ref('int_batch_months') }})
),

evidence as (
    select
        posts.*,
        posts.window_ends_at is null as is_without_window,
        coalesce(edges.timely_observation_count, 0) as timely_observation_count,
        edges.last_order,
        edges.is_incomplete,
        edges.until_at,
        edges.until_low,
        edges.until_high,
        edges.after_at,
        edges.after_low,
        edges.after_high,
        edges.floor_low,
        edges.ceiling_high,
        {{ dbt.datediff('edges.until_at', 'posts.window_ends_at', 'second') }}
            as seconds_to_window_end,
        {{ dbt.datediff('edges.until_at', 'edges.after_at', 'second') }}
            as seconds_between_edges
    from {{ ref('int_post_policies') }} as posts
    left join edges
        on posts.post_policy_number = edges.post_policy_number
    where posts.post_month in (select post_month from {{ ref('int_batch_months') }})
),

graded as (
    select
        *,
        case
            when until_at is null and after_at is null then 'none'
            when is_without_window then 'exact'
            when until_at = window_ends_at and is_day_only then 'interpolated'
            when until_at = window_ends_at then 'exact'
            when until_at is null then 'late'
            when after_at is null then 'early'
            else 'interpolated'
        end as grade
    from evidence
),

valued as (
    select
        *,
        case
            when grade = 'late' then after_high
            when grade in ('exact', 'early') or until_at = window_ends_at then until_high
            when grade = 'interpolated'
                then until_high + {{ floor_divide(
                    'cast(after_high - until_high as hugeint) * seconds_to_window_end',
                    'seconds_between_edges',
                ) }}
        end as value,
        case
            when is_day_only and not is_without_window then coalesce(floor_low, 0)
            when grade in ('exact', 'early') then until_low
            when grade = 'interpolated' then least(until_low, after_low)
            else 0
        end as value_low,
        -- Null: without an upper bound.
        case
            when is_incomplete or grade = 'none' then null
            when is_day_only and not is_without_window then ceiling_high
            when grade = 'exact' then until_high
            when grade = 'interpolated' then greatest(until_high, after_high)
            when grade = 'late' then after_high
        end as value_high
    from graded
)

select
    policy_id,
    post_number,
    post_month,
    month,
    local_date,
    local_hour,
    account_id,
    office_id,
    league,
    reason,
    is_month_uncertain,
    window_ends_at,
    cutoff_at,
    grade,
    cast(value as bigint) as value,
    cast(value_low as bigint) as value_low,
    cast(value_high as bigint) as value_high,
    timely_observation_count,
    last_order
from valued
