{{ config(materialized='by_month', unique_key='post_month') }}
-- Each counted post beside its own account's month: what it was worth over the median of what the
-- account's posts were worth, at the window's end and as last counted, and what guidance compares.
-- Under each policy by which an edition may look at it: of its month and of the five after it.
{% set components = ['like', 'comment', 'share', 'save'] %}
{% set bases = ['window', 'last'] %}
with counted as (
    select
        post_values.policy_id,
        post_values.month,
        post_values.post_month,
        posts.post_key,
        post_values.platform,
        post_values.account_id,
        post_values.office_id,
        post_values.league,
        posts.post_kind,
        posts.caption_length,
        posts.hashtags,
        posts.has_question,
        posts.published_date,
        -- Hours and weekends are the office's; of a day without time only the weekday is known.
        case
            when posts.published_precision <> 'day' then {{ to_local(
                'posts.published_at', 'coalesce(offices.time_zone, policies.time_zone)'
            ) }}
        end as office_time,
        case
            when
                post_values.window_ends_at is not null
                and post_values.grade in ('exact', 'interpolated')
                and not post_values.is_incomplete
                then post_values.value
        end as window_value,
        case
            when
                last_seen.captured_at >= {{ dbt.dateadd('day', 7, 'evidence.published_middle_at') }}
                and disproved.delivery_id is null
                then
                    {% for component in components -%}
                    case
                        when evidence.{{ component }}_weight = 0 then 0
                        else evidence.{{ component }}_weight * last_seen.{{ component }}_count
                    end
                    {{- " +" if not loop.last }}
                    {% endfor %}
        end as last_value
    from {{ ref('int_post_values') }} as post_values
    inner join {{ ref('int_posts') }} as posts
        on post_values.post_number = posts.post_number
        and post_values.post_month = posts.post_month
    inner join {{ ref('int_component_evidence') }} as evidence
        on post_values.post_policy_number = evidence.post_policy_number
        and post_values.post_month = evidence.post_month
    inner join {{ ref('dim_policy') }} as policies
        on post_values.policy_id = policies.policy_id
        and policies.effective_from_date <= {{ add_months('post_values.month', 5) }}
        and (
            policies.effective_to_date is null or policies.effective_to_date > post_values.month
        )
    -- Up to the cut-off, so that a row is the same for ever after it.
    left join {{ ref('int_observations') }} as last_seen
        on post_values.last_order = last_seen.observation_order
        and post_values.post_month = last_seen.post_month
    left join {{ ref('int_disproved_deliveries') }} as disproved
        on post_values.policy_id = disproved.policy_id
        and last_seen.delivery_id = disproved.delivery_id
    left join {{ ref('dim_office') }} as offices
        on post_values.office_id = offices.office_id
        and post_values.local_date >= offices.valid_from_date
        and (offices.valid_to_date is null or post_values.local_date < offices.valid_to_date)
    where
        post_values.reason = 'counted'
        and not post_values.is_neighbouring
        -- The first hours of a month in the policy's zone are of the month before in UTC, and are
        -- not built with it; so few are left out.
        and post_values.month = post_values.post_month
        and post_values.post_month in (select post_month from {{ ref('int_batch_months') }})
),

medians as (
    select
        policy_id,
        account_id,
        month,
        {%- for basis in bases %}
        count({{ basis }}_value) as {{ basis }}_post_count,
        cast(median({{ basis }}_value) as decimal(18, 1)) as {{ basis }}_median
        {{- "," if not loop.last }}
        {%- endfor %}
    from counted
    group by policy_id, account_id, month
)

select
    counted.policy_id,
    counted.month,
    counted.post_month,
    counted.post_key,
    counted.platform,
    counted.account_id,
    counted.office_id,
    counted.league,
    {%- for basis in bases %}
    cast(counted.{{ basis }}_value as bigint) as {{ basis }}_value,
    medians.{{ basis }}_post_count,
    medians.{{ basis }}_median,
    case
        when medians.{{ basis }}_post_count >= 5 and medians.{{ basis }}_median > 0
            then cast(
                round(counted.{{ basis }}_value / cast(medians.{{ basis }}_median as double), 4)
                as decimal(18, 4)
            )
    end as {{ basis }}_ratio,
    {%- endfor %}
    counted.post_kind,
    {% set hour = 'extract(hour from counted.office_time)' -%}
    case
        when {{ hour }} < 6 then '00-06'
        when {{ hour }} < 10 then '06-10'
        when {{ hour }} < 14 then '10-14'
        when {{ hour }} < 18 then '14-18'
        when {{ hour }} < 24 then '18-24'
    end as hour_band,
    {{ weekday('coalesce(cast(counted.office_time as date), counted.published_date)') }} >= 6
        as is_weekend,
    case
        when counted.caption_length < 100 then '0-99'
        when counted.caption_length < 300 then '100-299'
        when counted.caption_length >= 300 then '300+'
    end as caption_length_band,
    counted.hashtags <> '' as has_hashtag,
    counted.has_question
from counted
inner join medians
    on counted.policy_id = medians.policy_id
    and counted.account_id = medians.account_id
    and counted.month = medians.month
