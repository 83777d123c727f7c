-- Every rank lies between its likely bounds, and these between its hard ones.
select *
from {{ ref('rank_monthly') }}
where not (
    rank_best <= rank_likely_best
    and rank_likely_best <= rank
    and rank <= rank_likely_worst
    and rank_likely_worst <= rank_worst
)
