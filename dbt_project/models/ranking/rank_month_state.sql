-- Whether a month can be published as final under a policy, and what is missing, by name.
with accounts as (
    select distinct
        coverage.policy_id,
        coverage.month,
        coverage.account_id,
        coverage.state
    from {{ ref('fct_coverage') }} as coverage
    inner join {{ ref('dim_policy') }} as policies
        on coverage.policy_id = policies.policy_id
    inner join {{ ref('dim_account') }} as accounts
        on coverage.account_id = accounts.account_id
        and accounts.valid_from_date < {{ next_month('coverage.month') }}
        and (accounts.valid_to_date is null or accounts.valid_to_date > coverage.month)
    inner join {{ ref('dim_office') }} as offices
        on accounts.office_id = offices.office_id
        and array_contains(policies.leagues, offices.league)
        and offices.valid_from_date < {{ next_month('coverage.month') }}
        and (offices.valid_to_date is null or offices.valid_to_date > coverage.month)
),

covered as (
    select
        policy_id,
        month,
        count(*) as account_count,
        count(*) filter (where state = 'complete') as complete_account_count,
        {{ dbt.listagg(
            "case when state <> 'complete' then account_id || ' ' || state end",
            "', '",
            'order by account_id',
        ) }} as lacking
    from accounts
    group by policy_id, month
),

-- Which share of the counted posts' weighted components is known from both sides of the window's
-- end.
evidence as (
    select
        ranked.policy_id,
        ranked.month,
        sum(accounts.component_count) as component_count,
        sum(accounts.sound_component_count) as sound_component_count
    from (select distinct policy_id, month from {{ ref('rank_monthly') }}) as ranked
    left join {{ ref('fct_account_month') }} as accounts
        on ranked.policy_id = accounts.policy_id and ranked.month = accounts.month
    group by ranked.policy_id, ranked.month
),

measured as (
    select
        evidence.policy_id,
        evidence.month,
        coalesce(covered.account_count, 0) as account_count,
        coalesce(covered.complete_account_count, 0) as complete_account_count,
        covered.lacking,
        -- Of nothing, nothing is missing.
        coalesce(
            {{ quotient(
                '100 * covered.complete_account_count', 'nullif(covered.account_count, 0)'
            ) }},
            100
        )
            as coverage_percent,
        coalesce(
            {{ quotient(
                '100 * evidence.sound_component_count', 'nullif(evidence.component_count, 0)'
            ) }},
            100
        )
            as evidence_percent
    from evidence
    left join covered
        on evidence.policy_id = covered.policy_id and evidence.month = covered.month
)

select
    measured.policy_id,
    measured.month,
    cast(measured.account_count as integer) as account_count,
    cast(measured.complete_account_count as integer) as complete_account_count,
    cast(measured.coverage_percent as integer) as coverage_percent,
    cast(measured.evidence_percent as integer) as evidence_percent,
    measured.coverage_percent >= policies.minimum_coverage_percent
    and measured.evidence_percent >= policies.minimum_evidence_percent as is_complete,
    case
        when
            measured.coverage_percent >= policies.minimum_coverage_percent
            and measured.evidence_percent >= policies.minimum_evidence_percent
            then 'complete'
        else concat_ws(
            '; ',
            case when measured.coverage_percent < policies.minimum_coverage_percent then
                'coverage ' || measured.coverage_percent
                || ' of ' || policies.minimum_coverage_percent
                || ' percent: ' || measured.lacking
            end,
            case when measured.evidence_percent < policies.minimum_evidence_percent then
                'evidence ' || measured.evidence_percent
                || ' of ' || policies.minimum_evidence_percent
                || ' percent of the components'
            end
        )
    end as state
from measured
inner join {{ ref('dim_policy') }} as policies
    on measured.policy_id = policies.policy_id
