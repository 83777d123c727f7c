{{ config(materialized='view') }}
-- The posts that may be of a neighbouring month, under each policy: those without a time of day on
-- a month's first or last day, that would count in the month beside by its own cut-off.
select
    post_values.policy_id,
    post_values.month,
    post_values.post_number,
    posts.post_key,
    posts.platform,
    posts.post_id,
    post_values.local_date,
    post_values.account_id,
    post_values.office_id,
    post_values.league,
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
where post_values.is_neighbouring and post_values.reason = 'counted'
