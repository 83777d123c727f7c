{{ config(meta={'dagster': {'ref': {'name': 'fct_post_month'}}}) }}
-- Under every policy each post is counted or not: once, and none is lost on the way.
select policies.policy_id, posts.post_key
from {{ ref('dim_policy') }} as policies
cross join {{ ref('dim_post') }} as posts
left join (select * from {{ ref('fct_post_month') }} where post_month in ({{ rebuilt() }})) as judged
    on policies.policy_id = judged.policy_id and posts.post_key = judged.post_key
where posts.post_month in ({{ rebuilt() }})
group by policies.policy_id, posts.post_key
having count(judged.is_counted) <> 1
