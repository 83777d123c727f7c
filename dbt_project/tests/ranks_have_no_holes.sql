-- In every ranking somebody is first, and a rank is one plus the number strictly better.
with recomputed as (
    select
        *,
        rank() over (
            partition by policy_id, month, league, category order by score desc
        ) as expected_rank
    from {{ ref('rank_monthly') }}
)

select *
from recomputed
where rank <> expected_rank
