-- What each flagged post is to its office's rank under the policy in force: the rank as it is, and
-- the one that the office would have without the post, all else as it is.
with effects as (
    select
        flags.month,
        flags.policy_id,
        ranks.category,
        flags.league,
        flags.office_id,
        flags.post_key,
        flags.flag,
        flags.size,
        flags.earlier_post_key,
        ranks.rank,
        ranks.score - case when ranks.category = 'active' then 1 else flags.value end
            as score_without
    from {{ ref('fct_post_flag') }} as flags
    inner join {{ ref('rank_monthly') }} as ranks
        on flags.policy_id = ranks.policy_id
        and flags.month = ranks.month
        and flags.league = ranks.league
        and flags.office_id = ranks.office_id
),

-- Many posts leave their office with the same score: each is placed once.
scores as (
    select distinct month, policy_id, category, league, office_id, score_without
    from effects
),

placed as (
    select
        scores.month,
        scores.policy_id,
        scores.category,
        scores.league,
        scores.office_id,
        scores.score_without,
        cast(1 + count(others.office_id) as integer) as rank_without
    from scores
    left join {{ ref('rank_monthly') }} as others
        on scores.policy_id = others.policy_id
        and scores.month = others.month
        and scores.league = others.league
        and scores.category = others.category
        and scores.office_id <> others.office_id
        and others.score > scores.score_without
    group by
        scores.month,
        scores.policy_id,
        scores.category,
        scores.league,
        scores.office_id,
        scores.score_without
)

select
    effects.month,
    effects.policy_id,
    effects.category,
    effects.league,
    effects.office_id,
    effects.post_key,
    effects.flag,
    effects.size,
    effects.earlier_post_key,
    effects.rank,
    placed.rank_without
from effects
inner join placed
    on effects.policy_id = placed.policy_id
    and effects.month = placed.month
    and effects.league = placed.league
    and effects.category = placed.category
    and effects.office_id = placed.office_id
    and effects.score_without = placed.score_without
