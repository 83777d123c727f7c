-- An office's month in one row: both rankings of a league side by side, and its followers.
select
    active.month,
    active.league,
    active.league_name,
    active.office_id,
    active.office_name,
    active.office_short_name,
    active.post_count,
    active.rank as active_rank,
    active.rank_likely_best as active_rank_likely_best,
    active.rank_likely_worst as active_rank_likely_worst,
    popular.score as interaction_score,
    popular.score_likely_low as interaction_score_likely_low,
    popular.score_likely_high as interaction_score_likely_high,
    popular.rank as popular_rank,
    popular.rank_likely_best as popular_rank_likely_best,
    popular.rank_likely_worst as popular_rank_likely_worst,
    followers.follower_count,
    followers.per_thousand_ratio,
    active.complete_account_count,
    active.partial_account_count,
    active.missing_account_count,
    active.is_complete,
    active.completeness_name
from {{ ref('rpt_ranking') }} as active
inner join {{ ref('rpt_ranking') }} as popular
    on active.month = popular.month
    and active.league = popular.league
    and active.office_id = popular.office_id
    and popular.category = 'popular'
left join {{ ref('agg_office_followers') }} as followers
    on active.month = followers.month
    and active.policy_id = followers.policy_id
    and active.league = followers.league
    and active.office_id = followers.office_id
    and followers.platform is null
where active.category = 'active'
