{{ config(materialized='by_month', unique_key='post_month') }}
-- The evidence for the value of each post under each policy: when it was last observed up to the
-- window's end and first after it, and what engagement was reported then. Several records of one
-- instant give a lowest and a highest. A post that nobody observed up to the cut-off is not here.
{% set components = ['like', 'comment', 'share', 'save'] %}
with posts as (
    select
        posts.post_policy_number,
        posts.policy_id,
        posts.post_number,
        posts.post_month,
        posts.published_from_at,
        posts.window_ends_from_at,
        posts.window_ends_at,
        posts.window_ends_to_at,
        posts.evidence_ends_at,
        posts.cutoff_at,
        {%- for component in components %}
        policies.{{ component }}_weight,
        {%- endfor %}
        -- Which components the policy weights, a bit each.
        {% for component in components -%}
        case when policies.{{ component }}_weight > 0 then {{ 2 ** loop.index0 }} else 0 end
        {{- " + " if not loop.last }}
        {%- endfor %} as weighted
    from {{ ref('int_post_policies') }} as posts
    inner join {{ ref('stg_policies') }} as policies
        on posts.policy_id = policies.policy_id
    where posts.post_month in (select post_month from {{ ref('int_batch_months') }})
),

-- What was captured up to the cut-off.
timely as (
    select
        posts.post_policy_number,
        posts.window_ends_from_at,
        posts.window_ends_at,
        posts.window_ends_to_at,
        posts.evidence_ends_at,
        observations.captured_at,
        observations.observation_order,
        -- Which of the weighted components it reports, a bit each. What was captured before
        -- publication gives no value.
        case
            when observations.captured_at < posts.published_from_at then -1
            else
            {%- for component in components %}
            case
                when
                    posts.{{ component }}_weight > 0
                    and observations.{{ component }}_count is not null
                    then {{ 2 ** loop.index0 }} else 0
            end{{ " +" if not loop.last }}
            {%- endfor %}
        end as reported,
        {% for component in components -%}
        coalesce(observations.{{ component }}_count, 0) * posts.{{ component }}_weight
        {{- " + " if not loop.last }}
        {%- endfor %} as engagement
    from posts
    inner join {{ ref('int_observations') }} as observations
        on posts.post_number = observations.post_number
        and (posts.cutoff_at is null or observations.captured_at <= posts.cutoff_at)
    where observations.post_month in (select post_month from {{ ref('int_batch_months') }})
),

-- The last instant up to the window's end and the first after it; `floor` and `ceiling` are the
-- same for the earliest and the latest end that the window of a post that is known to the day can
-- have.
instants as (
    select
        post_policy_number,
        reported,
        count(*) as observation_count,
        max(observation_order) as last_order,
        max(captured_at) filter (
            where window_ends_at is null or captured_at <= window_ends_at
        ) as until_at,
        min(captured_at) filter (
            where captured_at > window_ends_at
            and (evidence_ends_at is null or captured_at <= evidence_ends_at)
        ) as after_at,
        max(captured_at) filter (where captured_at <= window_ends_from_at) as floor_at,
        min(captured_at) filter (
            where captured_at >= window_ends_to_at
            and (evidence_ends_at is null or captured_at <= evidence_ends_at)
        ) as ceiling_at
    from timely
    group by post_policy_number, reported
),

-- Only those observations are usable that report every weighted component that any of them reports.
usable as (
    select
        post_policy_number,
        cast(sum(observation_count) as bigint) as timely_observation_count,
        max(last_order) as last_order,
        bit_or(reported) filter (where reported > 0) as reported
    from instants
    group by post_policy_number
),

edges as (
    select
        usable.post_policy_number,
        usable.timely_observation_count,
        usable.last_order,
        usable.reported,
        instants.until_at,
        instants.after_at,
        instants.floor_at,
        instants.ceiling_at
    from usable
    left join instants
        on usable.post_policy_number = instants.post_policy_number
        and usable.reported = instants.reported
),

engagements as (
    select
        timely.post_policy_number,
        min(timely.engagement) filter (where timely.captured_at = edges.until_at) as until_low,
        max(timely.engagement) filter (where timely.captured_at = edges.until_at) as until_high,
        min(timely.engagement) filter (where timely.captured_at = edges.after_at) as after_low,
        max(timely.engagement) filter (where timely.captured_at = edges.after_at) as after_high,
        min(timely.engagement) filter (where timely.captured_at = edges.floor_at) as floor_low,
        max(timely.engagement) filter (where timely.captured_at = edges.ceiling_at) as ceiling_high
    from timely
    inner join edges
        on timely.post_policy_number = edges.post_policy_number
        and timely.reported = edges.reported
    where timely.captured_at in (edges.until_at, edges.after_at, edges.floor_at, edges.ceiling_at)
    group by timely.post_policy_number
)

select
    posts.post_policy_number,
    posts.policy_id,
    posts.post_number,
    posts.post_month,
    edges.timely_observation_count,
    edges.last_order,
    -- A weighted component that nobody ever reported may be any number.
    edges.reported <> posts.weighted as is_incomplete,
    edges.until_at,
    engagements.until_low,
    engagements.until_high,
    edges.after_at,
    engagements.after_low,
    engagements.after_high,
    engagements.floor_low,
    engagements.ceiling_high
from posts
inner join edges
    on posts.post_policy_number = edges.post_policy_number
left join engagements
    on posts.post_policy_number = engagements.post_policy_number
