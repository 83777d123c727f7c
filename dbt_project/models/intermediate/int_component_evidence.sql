{{ config(materialized='by_month', unique_key='post_month') }}
-- The evidence for the value of each post under each policy, for each component that counts on its
-- platform: the numbers that were seen last up to the window's end and first after it. Where files
-- differ at one instant there is a lowest and a highest number.
{% set components = ['like', 'comment', 'share', 'save'] %}
with posts as (
    select
        posts.*,
        {%- for component in components %}
        weights.{{ component }}_weight
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_post_policies') }} as posts
    left join {{ ref('stg_policy_weights') }} as weights
        on posts.policy_id = weights.policy_id and posts.platform = weights.platform
    where posts.post_month in (select post_month from {{ ref('int_batch_months') }})
),

-- What was captured up to the cut-off. A number counts as evidence where its component weighs
-- anything, from the publication up to the late limit, unless the capture time is disproved.
timely as (
    select
        posts.post_policy_number,
        posts.window_ends_from_at,
        posts.window_ends_at,
        posts.window_ends_to_at,
        observations.captured_at,
        observations.observation_order,
        {%- for component in components %}
        case
            when
                posts.{{ component }}_weight > 0
                and observations.captured_at >= posts.published_from_at
                and (
                    posts.evidence_ends_at is null
                    or observations.captured_at <= posts.evidence_ends_at
                )
                and disproved.delivery_id is null
                then observations.{{ component }}_count
        end as {{ component }}_count
        {{- "," if not loop.last }}
        {%- endfor %}
    from posts
    inner join {{ ref('int_observations') }} as observations
        on posts.post_number = observations.post_number
        and (posts.cutoff_at is null or observations.captured_at <= posts.cutoff_at)
    left join {{ ref('int_disproved_deliveries') }} as disproved
        on posts.policy_id = disproved.policy_id
        and observations.delivery_id = disproved.delivery_id
    where observations.post_month in (select post_month from {{ ref('int_batch_months') }})
),

-- `floor` and `ceiling` are the last up to and the first after the earliest and the latest end that
-- the window of a post that is known to the day can have.
instants as (
    select
        post_policy_number,
        count(*) as timely_observation_count,
        max(observation_order) as last_order,
        {%- for component in components %}
        max(captured_at) filter (
            where {{ component }}_count is not null
            and (window_ends_at is null or captured_at <= window_ends_at)
        ) as {{ component }}_until_at,
        min(captured_at) filter (
            where {{ component }}_count is not null and captured_at > window_ends_at
        ) as {{ component }}_after_at,
        max(captured_at) filter (
            where {{ component }}_count is not null and captured_at <= window_ends_from_at
        ) as {{ component }}_floor_at,
        min(captured_at) filter (
            where {{ component }}_count is not null and captured_at >= window_ends_to_at
        ) as {{ component }}_ceiling_at,
        max({{ component }}_count) as {{ component }}_highest
        {{- "," if not loop.last }}
        {%- endfor %}
    from timely
    group by post_policy_number
),

numbers as (
    select
        timely.post_policy_number,
        {%- for component in components %}
        {%- for edge in ['until', 'after'] %}
        min(timely.{{ component }}_count) filter (
            where timely.captured_at = instants.{{ component }}_{{ edge }}_at
        ) as {{ component }}_{{ edge }}_low,
        max(timely.{{ component }}_count) filter (
            where timely.captured_at = instants.{{ component }}_{{ edge }}_at
        ) as {{ component }}_{{ edge }}_high,
        {%- endfor %}
        min(timely.{{ component }}_count) filter (
            where timely.captured_at = instants.{{ component }}_floor_at
        ) as {{ component }}_floor_low,
        max(timely.{{ component }}_count) filter (
            where timely.captured_at = instants.{{ component }}_ceiling_at
        ) as {{ component }}_ceiling_high
        {{- "," if not loop.last }}
        {%- endfor %}
    from timely
    inner join instants
        on timely.post_policy_number = instants.post_policy_number
    group by timely.post_policy_number
)

select
    posts.post_policy_number,
    posts.policy_id,
    posts.post_number,
    posts.post_month,
    posts.month,
    posts.platform,
    posts.is_day_only,
    posts.published_middle_at,
    posts.window_ends_at,
    coalesce(instants.timely_observation_count, 0) as timely_observation_count,
    instants.last_order,
    {%- for component in components %}
    posts.{{ component }}_weight,
    instants.{{ component }}_until_at,
    numbers.{{ component }}_until_low,
    numbers.{{ component }}_until_high,
    instants.{{ component }}_after_at,
    numbers.{{ component }}_after_low,
    numbers.{{ component }}_after_high,
    numbers.{{ component }}_floor_low,
    numbers.{{ component }}_ceiling_high,
    instants.{{ component }}_highest
    {{- "," if not loop.last }}
    {%- endfor %}
from posts
left join instants
    on posts.post_policy_number = instants.post_policy_number
left join numbers
    on posts.post_policy_number = numbers.post_policy_number
