{{ config(materialized='by_month', unique_key='post_month') }}
-- What is remarkable in the observations of each counted post, under the policy in force in its
-- month. Only what was captured up to the cut-off tells, so that a closed month stays as it was.
{% set components = ['like', 'comment', 'share', 'save'] %}
with posts as (
    select
        post_values.*,
        posts.post_key,
        posts.published_at,
        posts.caption
    from {{ ref('int_post_values') }} as post_values
    inner join {{ ref('int_policy_months') }} as months
        on post_values.policy_id = months.policy_id and post_values.month = months.month
    inner join {{ ref('int_posts') }} as posts
        on post_values.post_number = posts.post_number
        and post_values.post_month = posts.post_month
    where
        months.is_official
        and post_values.reason = 'counted'
        and not post_values.is_neighbouring
        and post_values.post_month in (select post_month from {{ ref('int_batch_months') }})
),

timely as (
    select
        posts.post_policy_number,
        observations.captured_at,
        observations.observation_order,
        disproved.delivery_id is not null as is_disproved,
        {%- for component in components %}
        observations.{{ component }}_count,
        {%- endfor %}
        {% for component in components -%}
        coalesce(observations.{{ component }}_count, 0){{ " + " if not loop.last }}
        {%- endfor %} as interaction_count,
        -- X calls its impressions views.
        greatest(observations.view_count, observations.impression_count) as view_count,
        observations.reach_count
    from posts
    inner join {{ ref('int_observations') }} as observations
        on posts.post_number = observations.post_number
        and (posts.cutoff_at is null or observations.captured_at <= posts.cutoff_at)
    left join {{ ref('int_disproved_deliveries') }} as disproved
        on posts.policy_id = disproved.policy_id
        and observations.delivery_id = disproved.delivery_id
    where observations.post_month in (select post_month from {{ ref('int_batch_months') }})
),

seen as (
    select
        post_policy_number,
        max(captured_at) as last_seen_at,
        max(interaction_count - view_count) as excess_over_views,
        max(interaction_count - reach_count) as excess_over_reach,
        bool_or(is_disproved) as is_disproved
    from timely
    group by post_policy_number
),

-- In millionths of the highest number before.
fallen as (
    select
        posts.post_policy_number,
        max(greatest(
            {%- for component in components %}
            case when falls.{{ component }}_count < falls.earlier_{{ component }}_count then
                {{ quotient(
                    '(falls.earlier_' ~ component ~ '_count - falls.' ~ component ~ '_count) * 1000000',
                    'falls.earlier_' ~ component ~ '_count'
                ) }}
            end
            {{- "," if not loop.last }}
            {%- endfor %}
        )) as lost_part
    from posts
    inner join {{ ref('int_counter_falls') }} as falls
        on posts.post_number = falls.post_number
        and (posts.cutoff_at is null or falls.captured_at <= posts.cutoff_at)
    where falls.post_month in (select post_month from {{ ref('int_batch_months') }})
    group by posts.post_policy_number
),

-- The weighted numbers last seen up to the window's end and at the last observation after it. Null
-- where either does not tell all that weighs. A post known to the day only has no age to go by.
ends as (
    select
        evidence.policy_id,
        evidence.platform,
        evidence.post_policy_number,
        least(
            {%- for component in components %}
            evidence.{{ component }}_until_at
            {{- "," if not loop.last }}
            {%- endfor %}
        ) as until_at,
        {% for component in components -%}
        case
            when evidence.{{ component }}_weight > 0
                then evidence.{{ component }}_weight * evidence.{{ component }}_until_low
            else 0
        end{{ " + " if not loop.last }}
        {%- endfor %} as until_value,
        timely.captured_at as last_at,
        {% for component in components -%}
        case
            when evidence.{{ component }}_weight > 0
                then evidence.{{ component }}_weight * timely.{{ component }}_count
            else 0
        end{{ " + " if not loop.last }}
        {%- endfor %} as last_value,
        evidence.published_middle_at
    from {{ ref('int_component_evidence') }} as evidence
    inner join timely
        on evidence.post_policy_number = timely.post_policy_number
        and evidence.last_order = timely.observation_order
        and evidence.window_ends_at < timely.captured_at
    where
        not timely.is_disproved
        and not evidence.is_day_only
        and evidence.post_month in (select post_month from {{ ref('int_batch_months') }})
),

aged as (
    select
        *,
        greatest({{ dbt.datediff('published_middle_at', 'until_at', 'second') }}, 0) as until_age,
        {{ dbt.datediff('published_middle_at', 'last_at', 'second') }}
            as last_age
    from ends
    where until_value is not null and last_value is not null
),

-- Which part of what it has at the window's end a slow post has at the first of both ages, and a
-- fast one at the last.
grown as (
    select
        aged.post_policy_number,
        aged.until_value,
        aged.last_value,
        {{ part_at('until_step', 'low', 'aged.until_age') }} as until_part,
        {{ part_at('last_step', 'high', 'aged.last_age') }} as last_part
    from aged
    inner join {{ ref('int_growth_steps') }} as until_step
        on aged.policy_id = until_step.policy_id
        and aged.platform = until_step.platform
        and aged.until_age >= until_step.first_second
        and (until_step.next_second is null or aged.until_age < until_step.next_second)
    inner join {{ ref('int_growth_steps') }} as last_step
        on aged.policy_id = last_step.policy_id
        and aged.platform = last_step.platform
        and aged.last_age >= last_step.first_second
        and (last_step.next_second is null or aged.last_age < last_step.next_second)
)

select
    posts.policy_id,
    posts.month,
    posts.post_month,
    posts.post_number,
    posts.post_key,
    posts.account_id,
    posts.office_id,
    posts.league,
    posts.value,
    posts.published_at,
    seen.last_seen_at,
    -- Shorter ones say the same by chance.
    case
        when length({{ folded_text('posts.caption') }}) >= 20
            then {{ dbt.hash(folded_text('posts.caption')) }}
    end as caption_hash,
    cast(seen.excess_over_views as bigint) as excess_over_views,
    cast(seen.excess_over_reach as bigint) as excess_over_reach,
    cast(case when not seen.is_disproved then fallen.lost_part end as bigint) as lost_part,
    -- How many times the most that the curve lets a fast post have.
    cast(
        round(
            cast(grown.last_value as double) * grown.until_part
            / ((grown.until_value + 1) * cast(grown.last_part as double)),
            2
        ) as decimal(18, 2)
    ) as burst_ratio
from posts
inner join seen
    on posts.post_policy_number = seen.post_policy_number
left join fallen
    on posts.post_policy_number = fallen.post_policy_number
left join grown
    on posts.post_policy_number = grown.post_policy_number
