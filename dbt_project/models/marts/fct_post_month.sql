{{ config(materialized='view') }}
-- Each post under each policy: counted or not and why, and what it was worth.
select
    post_values.policy_id || '|' || posts.post_key as post_month_id,
    post_values.policy_id,
    post_values.month,
    post_values.post_month,
    posts.post_key,
    posts.platform,
    posts.post_id,
    post_values.local_date,
    post_values.account_id,
    post_values.office_id,
    post_values.league,
    post_values.reason = 'counted' as is_counted,
    post_values.reason,
    post_values.is_month_uncertain,
    post_values.window_ends_at,
    post_values.cutoff_at,
    post_values.value,
    post_values.value_low,
    post_values.value_high,
    post_values.grade,
    post_values.value_likely_low,
    post_values.value_likely_high,
    post_values.is_incomplete,
    post_values.component_count,
    post_values.sound_component_count
from {{ ref('int_post_values') }} as post_values
inner join {{ ref('int_posts') }} as posts
    on post_values.post_number = posts.post_number and post_values.post_month = posts.post_month
where not post_values.is_neighbouring
