{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- Each post under each policy: what it was worth at the end of the policy's window, between which
-- bounds, and how well that is known; beside it its last observation up to the cut-off. Without a
-- window that tells the value.
{% set components = ['like', 'comment', 'share', 'save'] %}
{#- The instants that tell a value: the last until the window's end, the first after it, and those at
    the edges of a window whose start is only known to the day. -#}
{% set late = "(evidence_ends_at is null or captured_at <= evidence_ends_at)" %}
{% set instants = [
    ('until', 'max', "(window_ends_at is null or captured_at <= window_ends_at)"),
    ('after', 'min', "captured_at > window_ends_at and " ~ late),
] %}
{% set edges = [
    ('floor', 'max', "captured_at <= window_ends_from_at"),
    ('ceiling', 'min', "captured_at >= window_ends_to_at and " ~ late),
] %}
with posts as materialized (
    select
        posts.*,
        {%- for component in components %}
        policies.{{ component }}_weight
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_post_policies') }} as posts
    inner join {{ ref('stg_policies') }} as policies
        on posts.policy_id = policies.policy_id
    where posts.post_month in ({{ rebuilt() }})
),

timely as not materialized (
    select
        posts.judged_number,
        posts.is_day_only,
        posts.window_ends_from_at,
        posts.window_ends_at,
        posts.window_ends_to_at,
        posts.evidence_ends_at,
        observations.captured_at,
        observations.observation_order,
        -- Which of the weighted components it reports, a bit each. What was captured before publication
        -- tells no value.
        case
            when observations.captured_at < posts.published_from_at then -1
            else
            {%- for component in components %}
            case
                when posts.{{ component }}_weight > 0 and observations.{{ component }}_count is not null
                    then {{ 2 ** loop.index0 }} else 0
            end{{ " +" if not loop.last }}
            {%- endfor %}
        end as reported,
        {% for component in components -%}
        coalesce(observations.{{ component }}_count, 0) * posts.{{ component }}_weight{{ " + " if not loop.last }}
        {%- endfor %} as engagement
    from posts
    inner join {{ ref('int_observations') }} as observations
        on posts.post_number = observations.post_number
        and (posts.cutoff_at is null or observations.captured_at <= posts.cutoff_at)
    where observations.post_month in ({{ rebuilt() }})
),

-- Several sums at one instant are a low and a high one.
sums as materialized (
    select
        judged_number,
        reported,
        count(*) as timely_count,
        max(observation_order) as last_order,
        {%- for name, end, condition in instants %}
        {{ end }}({{ pack('captured_at', 'engagement') }}) filter (where {{ condition }}) as {{ name }}_rising,
        {{ end }}({{ pack('captured_at', '-engagement') }}) filter (where {{ condition }}) as {{ name }}_falling
        {{- "," if not loop.last }}
        {%- endfor %}
    from timely
    group by judged_number, reported
),

sums_at_edges as (
    select
        judged_number,
        reported,
        {%- for name, end, condition in edges %}
        {{ end }}({{ pack('captured_at', 'engagement') }}) filter (where {{ condition }}) as {{ name }}_rising,
        {{ end }}({{ pack('captured_at', '-engagement') }}) filter (where {{ condition }}) as {{ name }}_falling
        {{- "," if not loop.last }}
        {%- endfor %}
    from timely
    where is_day_only
    group by judged_number, reported
),

-- Only those observations are usable that report every weighted component that any of them reports.
reported as (
    select
        judged_number,
        cast(sum(timely_count) as bigint) as timely_count,
        max(last_order) as last_order,
        bit_or(reported) filter (where reported > 0) as reported
    from sums
    group by judged_number
),

evidence as (
    select
        posts.*,
        posts.window_ends_at is null as is_without_window,
        coalesce(reported.timely_count, 0) as timely_observation_count,
        reported.last_order,
        -- A weighted component that nobody ever reported may be any number.
        reported.reported <> {% for component in components -%}
        case when posts.{{ component }}_weight > 0 then {{ 2 ** loop.index0 }} else 0 end{{ " + " if not loop.last }}
        {%- endfor %} as is_incomplete,
        {%- for table, found in [('sums', instants), ('sums_at_edges', edges)] %}
        {%- set is_last_table = loop.last %}
        {%- for name, end, condition in found %}
        {%- set highest, lowest = ('rising', 'falling') if end == 'max' else ('falling', 'rising') %}
        {{ packed_instant(table ~ '.' ~ name ~ '_rising') }} as {{ name }}_at,
        abs({{ packed_number(table ~ '.' ~ name ~ '_' ~ lowest) }}) as {{ name }}_low,
        abs({{ packed_number(table ~ '.' ~ name ~ '_' ~ highest) }}) as {{ name }}_high
        {{- "," if not (loop.last and is_last_table) }}
        {%- endfor %}
        {%- endfor %}
    from posts
    left join reported
        on posts.judged_number = reported.judged_number
    left join sums
        on reported.judged_number = sums.judged_number and reported.reported = sums.reported
    left join sums_at_edges
        on reported.judged_number = sums_at_edges.judged_number
        and reported.reported = sums_at_edges.reported
),

graded as (
    select
        *,
        case
            when until_at is null and after_at is null then 'none'
            when is_without_window then 'exact'
            when until_at = window_ends_at then case when is_day_only then 'interpolated' else 'exact' end
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
            when grade = 'interpolated' then until_high + {{ floor_divide(
                "cast(after_high - until_high as hugeint) * (" ~ seconds_between('until_at', 'window_ends_at') ~ ")",
                seconds_between('until_at', 'after_at')
            ) }}
        end as value,
        case
            when is_day_only and not is_without_window then coalesce(floor_low, 0)
            when grade in ('exact', 'early') then until_low
            when grade = 'interpolated' then least(until_low, after_low)
            else 0
        end as value_low,
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
