-- How many of an office's accounts of a month have exports that cover it.
select
    coverage.policy_id,
    coverage.month,
    accounts.office_id,
    cast(count(distinct coverage.account_id) filter (where coverage.state = 'complete') as integer)
        as complete_account_count,
    cast(count(distinct coverage.account_id) filter (where coverage.state = 'partial') as integer)
        as partial_account_count,
    cast(count(distinct coverage.account_id) filter (where coverage.state = 'missing') as integer)
        as missing_account_count
from {{ ref('fct_coverage') }} as coverage
inner join {{ ref('dim_account') }} as accounts
    on coverage.account_id = accounts.account_id
    and accounts.valid_from_date < {{ next_month('coverage.month') }}
    and (accounts.valid_to_date is null or accounts.valid_to_date > coverage.month)
group by coverage.policy_id, coverage.month, accounts.office_id
