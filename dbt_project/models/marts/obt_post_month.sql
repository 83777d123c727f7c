{{ config(materialized='view') }}
-- One big table for self-service: each post under each policy with its office, account, rule and
-- counters, so that no join is needed. It computes nothing that ranks.
select
    post_values.policy_id || '|' || posts.post_key as post_month_id,
    post_values.policy_id,
    policies.title,
    policies.effective_from_date <= post_values.month
    and (policies.effective_to_date is null or policies.effective_to_date > post_values.month)
        as is_official,
    post_values.month,
    post_values.local_date,
    cast({{ weekday('post_values.local_date') }} as integer) as weekday_number,
    post_values.local_hour,
    posts.post_key,
    post_values.post_month,
    posts.platform,
    platforms.platform_name,
    posts.post_id,
    posts.permalink,
    posts.post_type,
    posts.post_kind,
    posts.hashtags,
    posts.caption_length,
    posts.has_question,
    post_values.account_id,
    accounts.handle,
    accounts.account_name,
    post_values.office_id,
    offices.office_name,
    post_values.league,
    post_values.reason = 'counted' as is_counted,
    post_values.reason,
    post_values.is_month_uncertain,
    posts.is_reply,
    posts.is_repost,
    posts.is_story,
    posts.is_cross_post,
    posts.published_at,
    posts.published_precision,
    post_values.window_ends_at,
    post_values.value,
    post_values.value_low,
    post_values.value_high,
    post_values.grade,
    post_values.timely_observation_count,
    counted.captured_at as counted_at,
    {%- for counter in ['view', 'impression', 'reach', 'like', 'comment', 'share', 'save'] %}
    counted.{{ counter }}_count,
    {%- endfor %}
    post_values.value_likely_low,
    post_values.value_likely_high,
    post_values.is_incomplete
from {{ ref('int_post_values') }} as post_values
inner join {{ ref('int_posts') }} as posts
    on post_values.post_number = posts.post_number and post_values.post_month = posts.post_month
-- What is captured after the cut-off is left out, so that a row is the same for ever after it.
left join {{ ref('int_observations') }} as counted
    on post_values.last_order = counted.observation_order
    and post_values.post_month = counted.post_month
inner join {{ ref('dim_policy') }} as policies
    on post_values.policy_id = policies.policy_id
left join {{ ref('dim_platform') }} as platforms
    on posts.platform = platforms.platform
left join {{ ref('dim_office') }} as offices
    on post_values.office_id = offices.office_id
    and post_values.local_date >= offices.valid_from_date
    and (offices.valid_to_date is null or post_values.local_date < offices.valid_to_date)
left join {{ ref('int_account_spans') }} as accounts
    on post_values.account_id = accounts.account_id
    and post_values.local_date >= accounts.first_date
    and (accounts.next_date is null or post_values.local_date < accounts.next_date)
where not post_values.is_neighbouring
