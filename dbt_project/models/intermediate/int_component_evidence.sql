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
        posts.{{ component }}_weight,
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

told as (
    select
        *,
        {%- for component in components %}
        (coalesce({{ component }}_weight, 0) = 0 or {{ component }}_count is not null)
        {{- " and" if not loop.last else " as tells_all" }}
        {%- endfor %}
    from timely
),

-- Between which instants the evidence lies: an observation that tells all that weighs makes those
-- needless that are farther from the window's end. So the costly steps below read but a few.
needed as (
    select
        post_policy_number,
        count(*) as timely_observation_count,
        max(observation_order) as last_order,
        {%- for component in components %}
        max({{ component }}_count) as {{ component }}_highest,
        {%- endfor %}
        max(captured_at) filter (
            where tells_all and (window_ends_at is null or captured_at <= window_ends_from_at)
        ) as from_at,
        min(captured_at) filter (
            where tells_all
            and captured_at > window_ends_at
            and captured_at >= window_ends_to_at
        ) as to_at
    from told
    group by post_policy_number
),

near as (
    select timely.*
    from timely
    inner join needed
        on timely.post_policy_number = needed.post_policy_number
        and (needed.from_at is null or timely.captured_at >= needed.from_at)
        and (needed.to_at is null or timely.captured_at <= needed.to_at)
),

-- `floor` and `ceiling` are the last up to and the first after the earliest and the latest end that
-- the window of a post that is known to the day can have.
instants as (
    select
        post_policy_number,
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
        ) as {{ component }}_ceiling_at
        {{- "," if not loop.last }}
        {%- endfor %}
    from near
    group by post_policy_number
),

numbers as (
    select
        near.post_policy_number,
        {%- for component in components %}
        {%- for edge in ['until', 'after'] %}
        min(near.{{ component }}_count) filter (
            where near.captured_at = instants.{{ component }}_{{ edge }}_at
        ) as {{ component }}_{{ edge }}_low,
        max(near.{{ component }}_count) filter (
            where near.captured_at = instants.{{ component }}_{{ edge }}_at
        ) as {{ component }}_{{ edge }}_high,
        {%- endfor %}
        min(near.{{ component }}_count) filter (
            where near.captured_at = instants.{{ component }}_floor_at
        ) as {{ component }}_floor_low,
        max(near.{{ component }}_count) filter (
            where near.captured_at = instants.{{ component }}_ceiling_at
        ) as {{ component }}_ceiling_high
        {{- "," if not loop.last }}
        {%- endfor %}
    from near
    inner join instants
        on near.post_policy_number = instants.post_policy_number
    group by near.post_policy_number
)

select
    posts.post_policy_number,
    posts.policy_id,
    posts.post_month,
    posts.platform,
    posts.is_day_only,
    posts.published_middle_at,
    posts.window_ends_at,
    coalesce(needed.timely_observation_count, 0) as timely_observation_count,
    needed.last_order,
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
    needed.{{ component }}_highest
    {{- "," if not loop.last }}
    {%- endfor %}
from posts
left join needed
    on posts.post_policy_number = needed.post_policy_number
left join instants
    on posts.post_policy_number = instants.post_policy_number
left join numbers
    on posts.post_policy_number = numbers.post_policy_number
