{{ config(materialized='by_month', unique_key='post_month') }}
-- Each post under each policy, also as a neighbour of a month: what it was worth at the end of the
-- policy's window, the sum of its components by their weights, between which hard and likely
-- bounds, and how well that is known.
{% set grades = ['exact', 'interpolated', 'late', 'early'] %}
with components as (
    select
        *,
        -- The weakest has the highest number.
        case grade
            {%- for grade in grades %}
            when '{{ grade }}' then {{ loop.index }}
            {%- endfor %}
        end as grade_number
    from {{ ref('int_component_values') }}
    where post_month in (select post_month from {{ ref('int_batch_months') }})
),

worth as (
    select
        post_policy_number,
        count(*) as component_count,
        count(*) filter (where grade in ('exact', 'interpolated')) as sound_component_count,
        max(grade_number) as grade_number,
        coalesce(bool_or(grade = 'none'), false) as is_incomplete,
        coalesce(bool_or(grade = 'early'), false) as is_early,
        sum(weight * value) as value,
        coalesce(sum(weight * value_low), 0) as value_low,
        case when count(*) = count(value_high) then sum(weight * value_high) end as value_high,
        coalesce(sum(weight * value_likely_low), 0) as value_likely_low,
        case when count(*) = count(value_likely_high) then sum(weight * value_likely_high) end
            as value_likely_high,
        {%- for grade in grades %}
        coalesce(sum(weight * value) filter (where grade = '{{ grade }}'), 0) as {{ grade }}_value
        {{- "," if not loop.last }}
        {%- endfor %}
    from components
    group by post_policy_number
),

observed as (
    select post_policy_number, timely_observation_count, last_order
    from {{ ref('int_component_evidence') }}
    where post_month in (select post_month from {{ ref('int_batch_months') }})
)

select
    posts.post_policy_number,
    posts.policy_id,
    posts.post_number,
    posts.post_month,
    posts.month,
    posts.is_neighbouring,
    posts.local_date,
    posts.local_hour,
    posts.platform,
    posts.account_id,
    posts.office_id,
    posts.league,
    posts.reason,
    posts.is_month_uncertain,
    posts.window_ends_at,
    posts.cutoff_at,
    -- Where nothing weighs anything, the value is 0 for certain.
    case
        when worth.post_policy_number is null then 'exact'
        {%- for grade in grades %}
        when worth.grade_number = {{ loop.index }} then '{{ grade }}'
        {%- endfor %}
        else 'none'
    end as grade,
    cast(case when worth.post_policy_number is null then 0 else worth.value end as bigint) as value,
    cast(coalesce(worth.value_low, 0) as bigint) as value_low,
    cast(
        case when worth.post_policy_number is null then 0 else worth.value_high end as bigint
    ) as value_high,
    cast(
        case when posts.is_month_uncertain then 0 else coalesce(worth.value_likely_low, 0) end
        as bigint
    ) as value_likely_low,
    cast(
        case when worth.post_policy_number is null then 0 else worth.value_likely_high end as bigint
    ) as value_likely_high,
    coalesce(worth.is_incomplete, false) as is_incomplete,
    coalesce(worth.is_early, false) as is_early,
    cast(coalesce(worth.component_count, 0) as bigint) as component_count,
    cast(coalesce(worth.sound_component_count, 0) as bigint) as sound_component_count,
    {%- for grade in grades %}
    cast(coalesce(worth.{{ grade }}_value, 0) as bigint) as {{ grade }}_value,
    {%- endfor %}
    observed.timely_observation_count,
    observed.last_order
from {{ ref('int_post_policies') }} as posts
inner join observed
    on posts.post_policy_number = observed.post_policy_number
left join worth
    on posts.post_policy_number = worth.post_policy_number
where posts.post_month in (select post_month from {{ ref('int_batch_months') }})
