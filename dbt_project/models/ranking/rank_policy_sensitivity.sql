-- How an office's rank moves between policies: each policy beside the one in force.
select
    ranks.month,
    ranks.league,
    ranks.category,
    ranks.office_id,
    ranks.policy_id,
    ranks.rank,
    official.policy_id as official_policy_id,
    official.rank as official_rank,
    -- Positive: under this policy the office would stand higher than it does.
    official.rank - ranks.rank as rank_gain
from {{ ref('rank_monthly') }} as ranks
left join {{ ref('rank_monthly') }} as official
    on ranks.month = official.month
    and ranks.league = official.league
    and ranks.category = official.category
    and ranks.office_id = official.office_id
    and official.is_official
