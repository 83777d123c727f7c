{{ config(materialized='by_month', unique_key='post_month') }}
-- What each weighted component of a post was worth at the end of the policy's window, how well that
-- is known (grade), and between which hard and likely bounds. A null high is unbounded.
{% set components = ['like', 'comment', 'share', 'save'] %}
{% set columns = ['low', 'typical', 'high'] %}
with evidence as (
    {%- for component in components %}
    select
        post_policy_number,
        policy_id,
        post_month,
        platform,
        is_day_only,
        published_middle_at,
        window_ends_at,
        '{{ component }}' as component,
        {{ component }}_weight as weight,
        {{ component }}_until_at as until_at,
        {{ component }}_until_low as until_low,
        {{ component }}_until_high as until_high,
        {{ component }}_after_at as after_at,
        {{ component }}_after_low as after_low,
        {{ component }}_after_high as after_high,
        {{ component }}_floor_low as floor_low,
        {{ component }}_ceiling_high as ceiling_high,
        {{ component }}_highest as highest
    from {{ ref('int_component_evidence') }}
    where
        {{ component }}_weight > 0
        and post_month in (select post_month from {{ ref('int_batch_months') }})
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

graded as (
    select
        *,
        coalesce(until_at = window_ends_at, false) as is_at_end,
        case
            when until_at is null and after_at is null then 'none'
            when window_ends_at is null then 'exact'
            when until_at = window_ends_at and is_day_only then 'interpolated'
            when until_at = window_ends_at then 'exact'
            when until_at is null then 'late'
            when after_at is null then 'early'
            else 'interpolated'
        end as grade,
        -- Ages in whole seconds, never below 0.
        greatest({{ dbt.datediff('published_middle_at', 'until_at', 'second') }}, 0) as until_age,
        greatest({{ dbt.datediff('published_middle_at', 'after_at', 'second') }}, 0) as after_age,
        {{ dbt.datediff('published_middle_at', 'window_ends_at', 'second') }}
            as end_age
    from evidence
),

-- Which part of what it has at the window's end a post has at both ages, by each column of the
-- curve; without a curve growth is even, so that a part is an age.
grown as (
    select
        graded.*,
        until_step.policy_id is not null or after_step.policy_id is not null as has_curve,
        {%- for column in columns %}
        {%- for edge in ['until', 'after'] %}
        coalesce(
            {{ part_at(edge ~ '_step', column, 'graded.' ~ edge ~ '_age') }}, graded.{{ edge }}_age
        ) as {{ edge }}_{{ column }}_part,
        {%- endfor %}
        {%- endfor %}
        case
            when until_step.policy_id is null and after_step.policy_id is null then graded.end_age
            else 1000000
        end as end_part
    from graded
    left join {{ ref('int_growth_steps') }} as until_step
        on graded.policy_id = until_step.policy_id
        and graded.platform = until_step.platform
        and graded.until_age >= until_step.first_second
        and (until_step.next_second is null or graded.until_age < until_step.next_second)
        and graded.window_ends_at is not null
    left join {{ ref('int_growth_steps') }} as after_step
        on graded.policy_id = after_step.policy_id
        and graded.platform = after_step.platform
        and graded.after_age >= after_step.first_second
        and (after_step.next_second is null or graded.after_age < after_step.next_second)
        and graded.window_ends_at is not null
),

-- A count is at most 10¹², so twice its millionfold has room in 64 bits, where engines divide fast.
-- A difference times an age has not.
estimated as (
    select
        *,
        {%- for column in columns %}
        case
            when grade = 'late' and not has_curve then after_low
            when grade = 'late'
                then {{ nearest(
                    "after_low * 1000000", "after_" ~ column ~ "_part"
                ) }}
            when
                grade = 'interpolated'
                and not is_at_end
                and after_{{ column }}_part > until_{{ column }}_part
                then until_low + {{ nearest(
                    "cast(after_low - until_low as " ~ type_whole() ~ ")"
                    ~ " * (end_part - until_" ~ column ~ "_part)",
                    "after_" ~ column ~ "_part - until_" ~ column ~ "_part"
                ) }}
            else until_low
        end as {{ column }}_estimate
        {{- "," if not loop.last }}
        {%- endfor %}
    from grown
),

-- The hard bounds of what is known to the day are those at the window's ends of the day's two
-- edges.
bounded as (
    select
        *,
        typical_estimate as value,
        case
            when grade = 'none' then 0
            when is_day_only and window_ends_at is not null
                then least(
                    coalesce(floor_low, 0),
                    coalesce(ceiling_high, typical_estimate),
                    typical_estimate
                )
            when grade = 'interpolated' then least(until_low, after_low)
            when grade = 'late' then 0
            else until_low
        end as value_low,
        case
            when grade = 'none' then null
            when is_day_only and window_ends_at is not null
                then case when ceiling_high is not null
                    then greatest(coalesce(floor_low, 0), ceiling_high, typical_estimate)
                end
            when grade = 'interpolated' then greatest(until_high, after_high)
            when grade = 'late' then after_high
            when grade = 'exact' then until_high
        end as value_high,
        -- Whoever saw the post early saw less than it gained.
        case
            when grade = 'early' and has_curve and until_low_part > 0
                then greatest(
                    highest,
                    {{ nearest("(until_low + 1) * 1000000", "until_low_part") }}
                )
        end as early_high
    from estimated
)

select
    post_policy_number,
    post_month,
    component,
    weight,
    grade,
    cast(value as bigint) as value,
    cast(value_low as bigint) as value_low,
    cast(value_high as bigint) as value_high,
    cast(
        case
            when grade = 'none' then 0
            when grade in ('exact', 'early') or not has_curve then least(value_low, value)
            else least(value, greatest(value_low, least(low_estimate, high_estimate)))
        end as bigint
    ) as value_likely_low,
    cast(
        case
            when grade = 'none' then 0
            -- More than any count that is accepted bounds nothing.
            when grade = 'early' then case when early_high <= 1000000000000 then early_high end
            when grade = 'exact' then value_high
            when not has_curve
                then case when value_high is not null then greatest(value_high, value) end
            -- An unbounded high bounds nothing: `least` passes over null.
            else greatest(value, least(value_high, greatest(low_estimate, high_estimate)))
        end as bigint
    ) as value_likely_high
from bounded
