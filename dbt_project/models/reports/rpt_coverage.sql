-- Whether exports cover the month of each account, under the policy in force. An account that moves
-- within the month is a row of both offices, for both are asked for all of it.
with named as (
    select
        coverage.month,
        coverage.platform,
        coverage.account_id,
        coverage.state,
        accounts.office_id,
        accounts.handle,
        accounts.account_name,
        row_number() over (
            partition by coverage.month, coverage.account_id, accounts.office_id
            order by
                accounts.valid_from_date desc,
                accounts.handle asc nulls last,
                accounts.platform_account_id asc nulls last
        ) as position
    from {{ ref('fct_coverage') }} as coverage
    inner join {{ ref('dim_policy') }} as policies
        on coverage.policy_id = policies.policy_id
        and policies.effective_from_date <= coverage.month
        and (policies.effective_to_date is null or policies.effective_to_date > coverage.month)
    inner join {{ ref('dim_account') }} as accounts
        on coverage.account_id = accounts.account_id
        and accounts.valid_from_date <= last_day(coverage.month)
        and (accounts.valid_to_date is null or accounts.valid_to_date > coverage.month)
)

select
    named.month,
    named.office_id,
    offices.office_name,
    offices.office_short_name,
    named.platform,
    platforms.platform_name,
    named.account_id,
    named.handle,
    named.account_name,
    named.state,
    case named.state
        when 'complete' then 'lengkap'
        when 'partial' then 'sebagian'
        when 'missing' then 'tidak ada data'
    end as state_name
from named
inner join {{ ref('rpt_office') }} as offices
    on named.month = offices.month
    and named.office_id = offices.office_id
left join {{ ref('dim_platform') }} as platforms
    on named.platform = platforms.platform
where named.position = 1
