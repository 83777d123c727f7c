-- The score of each office of a league in a month, under each policy, in both categories: the sum
-- over its counted posts, with hard and likely bounds. Every office that is valid on some day of
-- the month is a row, also without posts. A null high is unbounded.
{% set grades = ['exact', 'interpolated', 'late', 'early', 'none'] %}
with months as (
    select months.*, policies.leagues, policies.growth_correlation_percent
    from {{ ref('int_policy_months') }} as months
    inner join {{ ref('dim_policy') }} as policies
        on months.policy_id = policies.policy_id
    where months.month between
        (
            select min(month) from {{ ref('int_post_values') }}
            where account_id is not null and not is_neighbouring
        )
        and (
            select max(month) from {{ ref('int_post_values') }}
            where account_id is not null and not is_neighbouring
        )
),

offices as (
    select distinct
        months.policy_id,
        months.month,
        months.is_official,
        months.growth_correlation_percent,
        offices.league,
        offices.office_id
    from months
    inner join {{ ref('dim_office') }} as offices
        on array_contains(months.leagues, offices.league)
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
        count(*) > count(value_high) as is_unbounded,
        sum(value_high) as value_high,
        max(best_value) as best_value,
        {%- for grade in grades %}
        sum({{ grade }}_post_count) as {{ grade }}_post_count,
        sum({{ grade }}_value) as {{ grade }}_value
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref('fct_account_month') }}
    group by policy_id, month, office_id, league
),

-- Posts of the neighbouring months that may be of this one.
neighbours as (
    select
        policy_id,
        month,
        office_id,
        league,
        count(*) as post_count,
        count(*) > count(value_high) as is_unbounded,
        sum(value_high) as value_high,
        count(*) > count(value_likely_high) as is_likely_unbounded,
        sum(value_likely_high) as value_likely_high
    from {{ ref('int_neighbouring_posts') }}
    group by policy_id, month, office_id, league
),

joined as (
    select
        offices.*,
        coalesce(totals.post_count, 0) as post_count,
        coalesce(totals.uncertain_post_count, 0) as uncertain_post_count,
        coalesce(neighbours.post_count, 0) as neighbour_count,
        coalesce(totals.value, 0) as value,
        coalesce(totals.value_low, 0) as value_low,
        case
            when
                not coalesce(totals.is_unbounded, false)
                and not coalesce(neighbours.is_unbounded, false)
                then coalesce(totals.value_high, 0) + coalesce(neighbours.value_high, 0)
        end as value_high,
        coalesce(totals.best_value, 0) as best_value,
        {%- for grade in grades %}
        coalesce(totals.{{ grade }}_post_count, 0) as {{ grade }}_post_count,
        coalesce(totals.{{ grade }}_value, 0) as {{ grade }}_value,
        {%- endfor %}
        {{ spread(
            'coalesce(likelihoods.below_sum, 0)',
            'coalesce(likelihoods.below_square_sum, 0)',
            'offices.growth_correlation_percent'
        ) }} as below,
        case
            when
                not coalesce(likelihoods.is_unbounded, false)
                and not coalesce(neighbours.is_likely_unbounded, false)
                then {{ spread(
                    'coalesce(likelihoods.above_sum, 0)',
                    'coalesce(likelihoods.above_square_sum, 0)',
                    'offices.growth_correlation_percent'
                ) }}
                + coalesce(likelihoods.early_sum, 0)
                + coalesce(neighbours.value_likely_high, 0)
        end as above,
        -- Of an office without accounts nothing is missing.
        coalesce(coverage.partial_account_count + coverage.missing_account_count, 0) = 0
            as is_complete
    from offices
    left join totals
        on offices.policy_id = totals.policy_id
        and offices.month = totals.month
        and offices.office_id = totals.office_id
        and offices.league = totals.league
    left join neighbours
        on offices.policy_id = neighbours.policy_id
        and offices.month = neighbours.month
        and offices.office_id = neighbours.office_id
        and offices.league = neighbours.league
    left join {{ ref('int_office_likelihoods') }} as likelihoods
        on offices.policy_id = likelihoods.policy_id
        and offices.month = likelihoods.month
        and offices.office_id = likelihoods.office_id
        and offices.league = likelihoods.league
    left join {{ ref('fct_office_coverage') }} as coverage
        on offices.policy_id = coverage.policy_id
        and offices.month = coverage.month
        and offices.office_id = coverage.office_id
),

scores as (
    select
        *,
        'active' as category,
        post_count as score,
        post_count - uncertain_post_count as score_low,
        case when is_complete then post_count + neighbour_count end as score_high,
        post_count - uncertain_post_count as score_likely_low,
        post_count + neighbour_count as score_likely_high,
        least(post_count, 1) as best_post_score,
        {%- for grade in grades %}
        {{ grade }}_post_count as {{ grade }}_score
        {{- "," if not loop.last }}
        {%- endfor %}
    from joined
    union all
    select
        *,
        'popular' as category,
        value as score,
        value_low as score_low,
        case when is_complete then value_high end as score_high,
        least(value, greatest(value_low, value - below)) as score_likely_low,
        -- `least` passes over an unbounded high.
        case when above is not null then
            greatest(value, least(case when is_complete then value_high end, value + above))
        end as score_likely_high,
        best_value as best_post_score,
        {%- for grade in grades %}
        {{ grade }}_value as {{ grade }}_score
        {{- "," if not loop.last }}
        {%- endfor %}
    from joined
)

select
    policy_id,
    month,
    is_official,
    league,
    category,
    office_id,
    cast(score as bigint) as score,
    cast(score_low as bigint) as score_low,
    cast(score_high as bigint) as score_high,
    cast(best_post_score as bigint) as best_post_score,
    cast(post_count as bigint) as post_count,
    {%- for grade in grades %}
    cast({{ grade }}_score as bigint) as {{ grade }}_score,
    {%- endfor %}
    cast(score_likely_low as bigint) as score_likely_low,
    cast(score_likely_high as bigint) as score_likely_high,
    is_complete
from scores
