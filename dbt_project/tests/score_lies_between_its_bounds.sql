{{ config(meta={'dagster': {'ref': {'name': 'rank_monthly'}}}) }}
-- Bounds hold for counters that do not fall. Where they fall, they can only be exceeded by posts
-- that are known to the day, whose bounds are taken from the day's edges.
select *
from {{ ref('rank_monthly') }} as ranks
where (score < score_low or score > score_high)
and not exists (
    select 1
    from {{ ref('fct_post_month') }} as posts
    inner join {{ ref('dim_post') }} as dims
        on posts.post_key = dims.post_key and dims.published_precision = 'day'
    inner join {{ ref('fct_flag') }} as flags
        on posts.post_key = flags.post_key and flags.flag = 'counter_fell'
    where
        posts.is_counted
        and posts.policy_id = ranks.policy_id
        and posts.month = ranks.month
        and posts.league = ranks.league
        and posts.office_id = ranks.office_id
)
