{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- Each post under each policy: counted or not and why, and what it was worth.
select
    posts.policy_id || '|' || posts.post_key as post_month_id,
    posts.policy_id,
    posts.month,
    posts.post_month,
    posts.post_key,
    posts.platform,
    posts.post_id,
    posts.local_date,
    posts.account_id,
    posts.office_id,
    posts.league,
    posts.reason = 'counted' as is_counted,
    posts.reason,
    posts.is_month_uncertain,
    posts.window_ends_at,
    posts.cutoff_at,
    post_values.value,
    post_values.value_low,
    post_values.value_high,
    post_values.grade
from {{ ref('int_post_policies') }} as posts
inner join {{ ref('int_post_values') }} as post_values
    on posts.policy_id = post_values.policy_id and posts.post_key = post_values.post_key
where posts.post_month in ({{ rebuilt() }})
