{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- What each post was worth at the end of the policy's window, between which bounds, and how well
-- that is known. Without a window: the last observation up to the cut-off.
with evidence as (
    select
        posts.policy_id,
        posts.post_key,
        posts.post_month,
        posts.is_day_only,
        posts.window_ends_at,
        posts.window_ends_at is null as is_without_window,
        bool_or(sums.is_incomplete) as is_incomplete,
        {#- The sums at the last instant, at the window's end, before and after it, and at the
            edges of a window whose start is only known to the day. -#}
        {% set late = "(posts.evidence_ends_at is null or sums.captured_at <= posts.evidence_ends_at)" %}
        {% set instants = [
            ('last', 'max', "true"),
            ('at', 'max', "sums.captured_at = posts.window_ends_at"),
            ('before', 'max', "sums.captured_at < posts.window_ends_at"),
            ('after', 'min', "sums.captured_at > posts.window_ends_at and " ~ late),
            ('floor', 'max', "sums.captured_at <= posts.window_ends_from_at"),
            ('ceiling', 'min', "sums.captured_at >= posts.window_ends_to_at and " ~ late),
        ] %}
        {% for name, end, condition in instants %}
        {{ end }}(sums.captured_at) filter (where {{ condition }}) as {{ name }}_at,
        {{ end }}_by(sums.engagement_low, sums.captured_at) filter (where {{ condition }}) as {{ name }}_low,
        {{ end }}_by(sums.engagement_high, sums.captured_at) filter (where {{ condition }}) as {{ name }}_high
        {{- "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_post_policies') }} as posts
    left join {{ ref('int_post_sums') }} as sums
        on posts.policy_id = sums.policy_id and posts.post_key = sums.post_key
    where posts.post_month in ({{ rebuilt() }})
    group by
        posts.policy_id, posts.post_key, posts.post_month, posts.is_day_only, posts.window_ends_at
),

graded as (
    select
        *,
        case
            when last_at is null then 'none'
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
