-- Where every score of a ranking lies between its bounds, so does every rank.
select *
from {{ ref('rank_monthly') }} as ranks
where not (rank_best <= rank and rank <= rank_worst)
and not exists (
    select 1
    from {{ ref('rank_monthly') }} as others
    where
        (others.score < others.score_low or others.score > others.score_high)
        and others.policy_id = ranks.policy_id
        and others.month = ranks.month
        and others.league = ranks.league
        and others.category = ranks.category
)
