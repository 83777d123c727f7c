-- The rankings: each office of a league in a month, under each policy, in both categories.
-- rank = 1 + the number of offices with a strictly greater score.
with months as (
    select months.*, policies.policy_sha256, policies.leagues
    from {{ ref('int_policy_months') }} as months
    inner join {{ ref('dim_policy') }} as policies
        on months.policy_id = policies.policy_id
    where months.month between
        (select min(month) from {{ ref('fct_post_month') }} where account_id is not null)
        and (select max(month) from {{ ref('fct_post_month') }} where account_id is not null)
),

-- Every office of the league that is valid on some day of the month, also without posts.
offices as (
    select distinct
        months.policy_id,
        months.policy_sha256,
        months.is_official,
        months.month,
        offices.league,
        offices.office_id
    from months
    inner join {{ ref('dim_office') }} as offices
        on list_contains(months.leagues, offices.league)
        and offices.valid_from_date < {{ next_month('months.month') }}
        and (offices.valid_to_date is null or offices.valid_to_date > months.month)
),

totals as (
    select
        policy_id,
        month,
        office_id,
        league,
        sum(post_count) as post_count,
        sum(uncertain_post_count) as uncertain_post_count,
        sum(value) as value,
        sum(value_low) as value_low,
        case when count(value_high) = count(*) then sum(value_high) end as value_high,
        max(best_value) as best_value,
        {% for grade in ['exact', 'interpolated', 'late', 'early', 'none'] %}
        sum({{ grade }}_post_count) as {{ grade }}_post_count,
        sum({{ grade }}_value) as {{ grade }}_value
        {{- "," if not loop.last }}
        {% endfor %}
    from {{ ref('fct_account_month') }}
    group by policy_id, month, office_id, league
),

coverage as (
    select
        coverage.policy_id,
        coverage.month,
        accounts.office_id,
        count(*) filter (where coverage.state = 'complete') as complete_account_count,
        count(*) filter (where coverage.state = 'partial') as partial_account_count,
        count(*) filter (where coverage.state = 'missing') as missing_account_count
    from {{ ref('fct_coverage') }} as coverage
    inner join (
        select distinct months.policy_id, months.month, accounts.account_id, accounts.office_id
        from months
        inner join {{ ref('dim_account') }} as accounts
            on accounts.valid_from_date < {{ next_month('months.month') }}
            and (accounts.valid_to_date is null or accounts.valid_to_date > months.month)
    ) as accounts
        on coverage.policy_id = accounts.policy_id
        and coverage.month = accounts.month
        and coverage.account_id = accounts.account_id
    group by coverage.policy_id, coverage.month, accounts.office_id
),

scores as (
    {% for category in ['active', 'popular'] %}
    {% set measure = 'post_count' if category == 'active' else 'value' %}
    select
        offices.*,
        '{{ category }}' as category,
        coalesce(totals.{{ measure }}, 0) as score,
        {% if category == 'active' %}
        coalesce(totals.post_count - totals.uncertain_post_count, 0) as score_low,
        coalesce(totals.post_count, 0) as score_high,
        case when totals.post_count > 0 then 1 else 0 end as best_post_score,
        {% else %}
        coalesce(totals.value_low, 0) as score_low,
        case when totals.office_id is null then 0 else totals.value_high end as score_high,
        coalesce(totals.best_value, 0) as best_post_score,
        {% endif %}
        coalesce(totals.post_count, 0) as post_count,
        {% for grade in ['exact', 'interpolated', 'late', 'early', 'none'] %}
        coalesce(totals.{{ grade }}_{{ measure }}, 0) as {{ grade }}_score,
        {% endfor %}
        coalesce(coverage.complete_account_count, 0) as complete_account_count,
        coalesce(coverage.partial_account_count, 0) as partial_account_count,
        coalesce(coverage.missing_account_count, 0) as missing_account_count
    from offices
    left join totals
        on offices.policy_id = totals.policy_id
        and offices.month = totals.month
        and offices.office_id = totals.office_id
        and offices.league = totals.league
    left join coverage
        on offices.policy_id = coverage.policy_id
        and offices.month = coverage.month
        and offices.office_id = coverage.office_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

compared as (
    select
        mine.policy_id,
        mine.month,
        mine.league,
        mine.category,
        mine.office_id,
        count(*) filter (where others.score > mine.score) as better_count,
        -- An unbounded high exceeds everything, and nothing exceeds it.
        count(*) filter (where others.score_low > mine.score_high) as surely_better_count,
        count(*) filter (
            where others.office_id is not null
            and (others.score_high is null or others.score_high > mine.score_low)
        ) as possibly_better_count,
        count(*) filter (where others.score > mine.score - mine.best_post_score)
            as better_without_best_post_count
    from scores as mine
    left join scores as others
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
    scores.policy_sha256,
    scores.is_official,
    scores.league,
    scores.category,
    cast(1 + compared.better_count as integer) as rank,
    cast(1 + compared.surely_better_count as integer) as rank_best,
    cast(1 + compared.possibly_better_count as integer) as rank_worst,
    cast(1 + compared.better_without_best_post_count as integer) as rank_without_best_post,
    scores.office_id,
    cast(scores.score as bigint) as score,
    cast(scores.score_low as bigint) as score_low,
    cast(scores.score_high as bigint) as score_high,
    cast(scores.post_count as bigint) as post_count,
    {% for grade in ['exact', 'interpolated', 'late', 'early', 'none'] %}
    cast(scores.{{ grade }}_score as bigint) as {{ grade }}_score,
    {% endfor %}
    cast(scores.complete_account_count as integer) as complete_account_count,
    cast(scores.partial_account_count as integer) as partial_account_count,
    cast(scores.missing_account_count as integer) as missing_account_count
from scores
inner join compared
    on scores.policy_id = compared.policy_id
    and scores.month = compared.month
    and scores.league = compared.league
    and scores.category = compared.category
    and scores.office_id = compared.office_id
