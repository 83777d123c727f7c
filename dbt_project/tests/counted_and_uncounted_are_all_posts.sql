{{ config(meta={'dagster': {'ref': {'name': 'int_post_values'}}}) }}
-- Under every policy each post is counted or not: once, and none is lost on the way.
select policies.policy_id, posts.post_number
from {{ ref('dim_policy') }} as policies
cross join {{ ref('int_posts') }} as posts
left join (select * from {{ ref('int_post_values') }} where post_month in ({{ rebuilt_months() }})) as judged
    on policies.policy_id = judged.policy_id and posts.post_number = judged.post_number
where posts.post_month in ({{ rebuilt_months() }})
group by policies.policy_id, posts.post_number
having count(judged.reason) <> 1
