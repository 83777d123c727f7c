{{ config(meta={'dagster': {'ref': {'name': 'int_post_values'}}}) }}
-- Under every policy each post is counted or not: once, and none is lost on the way.
select policies.policy_id, posts.post_number
from {{ ref('dim_policy') }} as policies
cross join {{ ref('int_posts') }} as posts
left join {{ ref('int_post_values') }} as post_values
    on policies.policy_id = post_values.policy_id
    and posts.post_number = post_values.post_number
    and posts.post_month = post_values.post_month
    and not post_values.is_neighbouring
where posts.post_month in ({{ rebuilt_months() }})
group by policies.policy_id, posts.post_number
having count(post_values.reason) <> 1
