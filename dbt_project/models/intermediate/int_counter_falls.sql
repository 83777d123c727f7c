{{ config(materialized='by_month', unique_key='post_month') }}
-- The observations in which some counter is lower than it once was, with its highest number before.
{% set counters = ['like', 'comment', 'share', 'save'] %}
with observed as {{ not_materialized() }} (
    select observations.*, posts.post_key
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_posts') }} as posts
        on observations.post_number = posts.post_number
    where
        observations.post_month in (select post_month from {{ ref('int_batch_months') }})
        and posts.post_month in (select post_month from {{ ref('int_batch_months') }})
),

-- Where no counter is lower than the one before, none is lower than any before; one that follows a
-- blank may be. Only the posts of such are looked at whole.
suspect as (
    select distinct post_number
    from (
        select
            post_number,
            {%- for counter in counters %}
            {{ counter }}_count < lag({{ counter }}_count) over by_time
            or (
                {{ counter }}_count is not null
                and lag({{ counter }}_count, 1, {{ counter }}_count) over by_time is null
            )
            {{- " or" if not loop.last }}
            {%- endfor %} as is_lower
        from {{ ref('int_observations') }}
        where post_month in (select post_month from {{ ref('int_batch_months') }})
        window by_time as (partition by post_number order by captured_at)
    ) as compared
    where is_lower
),

compared as (
    select
        *,
        {%- for counter in counters %}
        max({{ counter }}_count) over earlier as earlier_{{ counter }}_count
        {{- "," if not loop.last }}
        {%- endfor %}
    from observed
    where post_number in (select post_number from suspect)
    window earlier as (
        partition by post_number order by captured_at
        range between unbounded preceding and interval 1 second preceding
    )
)

select
    post_number,
    post_key,
    post_month,
    delivery_id,
    record_number,
    captured_at,
    {%- for counter in counters %}
    {{ counter }}_count,
    earlier_{{ counter }}_count
    {{- "," if not loop.last }}
    {%- endfor %}
from compared
where
    {% for counter in counters -%}
    {{ counter }}_count < earlier_{{ counter }}_count{{ " or " if not loop.last }}
    {%- endfor %}
