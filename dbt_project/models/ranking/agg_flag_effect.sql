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
    cast(1 + count(others.office_id) as integer) as rank_without
from effects
left join {{ ref('rank_monthly') }} as others
    on effects.policy_id = others.policy_id
    and effects.month = others.month
    and effects.league = others.league
    and effects.category = others.category
    and effects.office_id <> others.office_id
    and others.score > effects.score_without
group by
    effects.month,
    effects.policy_id,
    effects.category,
    effects.league,
    effects.office_id,
    effects.post_key,
    effects.flag,
    effects.size,
    effects.earlier_post_key,
    effects.rank
