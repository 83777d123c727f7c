-- The shares of the score by grade are the score.
select *
from {{ ref('rank_monthly') }}
where score <> exact_score + interpolated_score + late_score + early_score + none_score
