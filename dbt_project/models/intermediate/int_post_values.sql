{{ config(materialized='view') }}
-- What each post was worth at the end of the policy's window, between which bounds, and how well
-- that is known. Without a window: the last observation up to the cut-off.
with posts as materialized (
    -- Posts go by a number from here: joining by two texts would cost more than all the rest.
    select
        *,
        row_number() over () as post_number
    from {{ ref('int_post_policies') }}
    where post_month in ({{ rebuilt() }})
),

-- Observations up to the cut-off and not before publication; a component that weighs nothing is null.
used as (
    select
        posts.post_number,
        observations.captured_at,
        {%- for component in ['like', 'comment', 'share', 'save'] %}
        policies.{{ component }}_weight,
        case when policies.{{ component }}_weight > 0 then observations.{{ component }}_count end as {{ component }}s
        {{- "," if not loop.last }}
        {%- endfor %}
    from posts
    inner join {{ ref('stg_policies') }} as policies
        on posts.policy_id = policies.policy_id
    inner join {{ ref('int_observations') }} as observations
        on posts.post_key = observations.post_key
        and observations.captured_at >= posts.published_from_at
        and (posts.cutoff_at is null or observations.captured_at <= posts.cutoff_at)
    where observations.post_month in ({{ rebuilt() }})
),

reported as (
    select
        post_number,
        {% for component in ['like', 'comment', 'share', 'save'] -%}
        count({{ component }}s) > 0 as has_{{ component }}s,
        {% endfor -%}
        -- A weighted component that nobody ever reported may be any number.
        {% for component in ['like', 'comment', 'share', 'save'] -%}
        (min({{ component }}_weight) > 0 and count({{ component }}s) = 0){{ " or " if not loop.last }}
        {%- endfor %} as is_incomplete
    from used
    group by post_number
),

-- Of these only those that report every weighted component that any of them reports.
sums as (
    select
        used.post_number,
        used.captured_at,
        reported.is_incomplete,
        {% for component in ['like', 'comment', 'share', 'save'] -%}
        coalesce(used.{{ component }}s, 0) * used.{{ component }}_weight{{ " + " if not loop.last }}
        {%- endfor %} as engagement
    from used
    inner join reported
        on used.post_number = reported.post_number
    where
        (reported.has_likes or reported.has_comments or reported.has_shares or reported.has_saves)
        {%- for component in ['like', 'comment', 'share', 'save'] %}
        and (used.{{ component }}s is not null or not reported.has_{{ component }}s)
        {%- endfor %}
),

-- The sums at the last instant, at the window's end, before and after it, and at the edges of a
-- window whose start is only known to the day. Several at one instant are a low and a high one.
{% set late = "(posts.evidence_ends_at is null or sums.captured_at <= posts.evidence_ends_at)" %}
{% set instants = [
    ('last', 'max', "posts.window_ends_at is null"),
    ('at', 'max', "sums.captured_at = posts.window_ends_at"),
    ('before', 'max', "sums.captured_at < posts.window_ends_at"),
    ('after', 'min', "sums.captured_at > posts.window_ends_at and " ~ late),
    ('floor', 'max', "posts.is_day_only and sums.captured_at <= posts.window_ends_from_at"),
    ('ceiling', 'min', "posts.is_day_only and sums.captured_at >= posts.window_ends_to_at and " ~ late),
] %}
found as (
    select
        posts.post_number,
        bool_or(sums.is_incomplete) as is_incomplete,
        {% for name, end, condition in instants -%}
        {{ end }}({{ pack('sums.captured_at', 'sums.engagement') }}) filter (where {{ condition }}) as {{ name }}_rising,
        {{ end }}({{ pack('sums.captured_at', '-sums.engagement') }}) filter (where {{ condition }}) as {{ name }}_falling
        {{- "," if not loop.last }}
        {% endfor %}
    from posts
    inner join sums
        on posts.post_number = sums.post_number
    group by posts.post_number
),

evidence as (
    select
        posts.*,
        posts.window_ends_at is null as is_without_window,
        found.is_incomplete,
        found.post_number is null as is_without_sum,
        {% for name, end, condition in instants -%}
        {%- set highest, lowest = ('rising', 'falling') if end == 'max' else ('falling', 'rising') -%}
        {{ packed_instant('found.' ~ name ~ '_rising') }} as {{ name }}_at,
        abs({{ packed_number('found.' ~ name ~ '_' ~ lowest) }}) as {{ name }}_low,
        abs({{ packed_number('found.' ~ name ~ '_' ~ highest) }}) as {{ name }}_high
        {{- "," if not loop.last }}
        {% endfor %}
    from posts
    left join found
        on posts.post_number = found.post_number
),

graded as (
    select
        *,
        case
            when is_without_sum then 'none'
            when is_without_window then 'exact'
            when at_at is not null then case when is_day_only then 'interpolated' else 'exact' end
            when before_at is not null and after_at is not null then 'interpolated'
            when after_at is not null then 'late'
            when before_at is not null then 'early'
            else 'none'
        end as grade
    from evidence
),

valued as (
    select
        *,
        case
            when grade = 'none' then null
            when is_without_window then last_high
            when at_at is not null then at_high
            when grade = 'late' then after_high
            when grade = 'early' then before_high
            else before_high + {{ floor_divide(
                "cast(after_high - before_high as hugeint) * (" ~ seconds_between('before_at', 'window_ends_at') ~ ")",
                seconds_between('before_at', 'after_at')
            ) }}
        end as value,
        case
            when is_without_window then coalesce(last_low, 0)
            when is_day_only then coalesce(floor_low, 0)
            when grade = 'exact' then at_low
            when grade = 'interpolated' then least(before_low, after_low)
            when grade = 'early' then before_low
            else 0
        end as value_low,
        case
            when is_incomplete or grade = 'none' then null
            when is_without_window then last_high
            when is_day_only then ceiling_high
            when grade = 'exact' then at_high
            when grade = 'interpolated' then greatest(before_high, after_high)
            when grade = 'late' then after_high
        end as value_high
    from graded
)

select
    policy_id,
    post_key,
    post_month,
    grade,
    cast(value as bigint) as value,
    cast(value_low as bigint) as value_low,
    cast(value_high as bigint) as value_high
from valued
