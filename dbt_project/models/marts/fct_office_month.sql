-- The score of each office of a league in a month, under each policy, in both categories: the sum
-- over its counted posts, with bounds. Every office that is valid on some day of the month is a
-- row, also without posts.
with months as (
    select months.*, policies.leagues
    from {{ ref('int_policy_months') }} as months
    inner join {{ ref('dim_policy') }} as policies
        on months.policy_id = policies.policy_id
    where months.month between
        (select min(month) from {{ ref('int_post_values') }} where account_id is not null)
        and (select max(month) from {{ ref('int_post_values') }} where account_id is not null)
),

offices as (
    select distinct
        months.policy_id,
        months.month,
        months.is_official,
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
        count(*) > count(value_high) as is_unbounded,
        sum(value_high) as value_high,
        max(best_value) as best_value,
        {% for grade in ['exact', 'interpolated', 'late', 'early', 'none'] %}
        sum({{ grade }}_post_count) as {{ grade }}_post_count,
        sum({{ grade }}_value) as {{ grade }}_value
        {{- "," if not loop.last }}
        {% endfor %}
    from {{ ref('fct_account_month') }}
    group by policy_id, month, office_id, league
)

{% for category in ['active', 'popular'] %}
{% set measure = 'post_count' if category == 'active' else 'value' %}
select
    offices.policy_id,
    offices.month,
    offices.is_official,
    offices.league,
    '{{ category }}' as category,
    offices.office_id,
    cast(coalesce(totals.{{ measure }}, 0) as bigint) as score,
    {% if category == 'active' %}
    cast(coalesce(totals.post_count - totals.uncertain_post_count, 0) as bigint) as score_low,
    cast(coalesce(totals.post_count, 0) as bigint) as score_high,
    cast(case when totals.post_count > 0 then 1 else 0 end as bigint) as best_post_score,
    {% else %}
    cast(coalesce(totals.value_low, 0) as bigint) as score_low,
    cast(
        case when not coalesce(totals.is_unbounded, false) then coalesce(totals.value_high, 0) end
        as bigint
    ) as score_high,
    cast(coalesce(totals.best_value, 0) as bigint) as best_post_score,
    {% endif %}
    cast(coalesce(totals.post_count, 0) as bigint) as post_count,
    {% for grade in ['exact', 'interpolated', 'late', 'early', 'none'] %}
    cast(coalesce(totals.{{ grade }}_{{ measure }}, 0) as bigint) as {{ grade }}_score
    {{- "," if not loop.last }}
    {% endfor %}
from offices
left join totals
    on offices.policy_id = totals.policy_id
    and offices.month = totals.month
    and offices.office_id = totals.office_id
    and offices.league = totals.league
{% if not loop.last %}
union all
{% endif %}
{% endfor %}
