-- Every score lies between its likely bounds, and these between its hard ones. A null high is
-- unbounded.
select *
from {{ ref('rank_monthly') }}
where
    score_likely_low < score_low
    or score < score_likely_low
    or score > score_likely_high
    or score > score_high
    or score_likely_high > score_high
