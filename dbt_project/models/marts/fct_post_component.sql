{{ config(materialized='view') }}
-- Each component of each post under each policy: what it was worth, between which bounds, and how
-- well that is known. Together they are the value in `fct_post_month`.
select
    post_values.policy_id,
    post_values.month,
    components.post_month,
    posts.post_key,
    components.component,
    components.weight,
    components.grade,
    components.value,
    components.value_low,
    components.value_high,
    components.value_likely_low,
    components.value_likely_high
from {{ ref('int_component_values') }} as components
inner join {{ ref('int_post_values') }} as post_values
    on components.post_policy_number = post_values.post_policy_number
    and components.post_month = post_values.post_month
inner join {{ ref('int_posts') }} as posts
    on post_values.post_number = posts.post_number
    and post_values.post_month = posts.post_month
where not post_values.is_neighbouring
