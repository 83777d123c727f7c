-- The rankings: each office of a league in a month, under each policy, in both categories. rank = 1
-- + the number of offices with a strictly greater score; the best and the worst rank are those that
-- the scores' bounds allow. An unbounded high exceeds everything, and nothing exceeds it.
with compared as (
    select
        mine.policy_id,
        mine.month,
        mine.league,
        mine.category,
        mine.office_id,
        count(*) filter (where others.score > mine.score) as better_count,
        count(*) filter (where others.score_low > mine.score_high) as surely_better_count,
        count(*) filter (
            where others.office_id is not null
            and (others.score_high is null or others.score_high > mine.score_low)
        ) as possibly_better_count,
        count(*) filter (where others.score_likely_low > mine.score_likely_high)
            as probably_better_count,
        count(*) filter (
            where others.office_id is not null
            and (
                others.score_likely_high is null
                or others.score_likely_high > mine.score_likely_low
            )
        ) as likely_better_count,
        count(*) filter (where others.score > mine.score - mine.best_post_score)
            as better_without_best_post_count
    from {{ ref('fct_office_month') }} as mine
    left join {{ ref('fct_office_month') }} as others
        on mine.policy_id = others.policy_id
        and mine.month = others.month
        and mine.league = others.league
        and mine.category = others.category
        and mine.office_id <> others.office_id
    group by mine.policy_id, mine.month, mine.league, mine.category, mine.office_id
)

select
    scores.month,
    scores.policy_id,
    policies.policy_sha256,
    scores.is_official,
    scores.league,
    scores.category,
    cast(1 + compared.better_count as integer) as rank,
    cast(1 + compared.surely_better_count as integer) as rank_best,
    cast(1 + compared.possibly_better_count as integer) as rank_worst,
    cast(1 + compared.better_without_best_post_count as integer) as rank_without_best_post,
    scores.office_id,
    scores.score,
    scores.score_low,
    scores.score_high,
    scores.post_count,
    {% for grade in ['exact', 'interpolated', 'late', 'early', 'none'] %}
    scores.{{ grade }}_score,
    {% endfor %}
    cast(coalesce(coverage.complete_account_count, 0) as integer) as complete_account_count,
    cast(coalesce(coverage.partial_account_count, 0) as integer) as partial_account_count,
    cast(coalesce(coverage.missing_account_count, 0) as integer) as missing_account_count,
    cast(1 + compared.probably_better_count as integer) as rank_likely_best,
    cast(1 + compared.likely_better_count as integer) as rank_likely_worst,
    scores.score_likely_low,
    scores.score_likely_high,
    scores.is_complete
from {{ ref('fct_office_month') }} as scores
inner join compared
    on scores.policy_id = compared.policy_id
    and scores.month = compared.month
    and scores.league = compared.league
    and scores.category = compared.category
    and scores.office_id = compared.office_id
inner join {{ ref('dim_policy') }} as policies
    on scores.policy_id = policies.policy_id
left join {{ ref('fct_office_coverage') }} as coverage
    on scores.policy_id = coverage.policy_id
    and scores.month = coverage.month
    and scores.office_id = coverage.office_id
