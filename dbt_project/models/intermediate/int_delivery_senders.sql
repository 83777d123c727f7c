-- The account that a delivery's own words name: its account, else the one account that the sending
-- office had on that platform that day. Serves exports that name no account, and coverage.
with sole_accounts as (
    select
        deliveries.delivery_id,
        min(accounts.account_id) as account_id
    from {{ ref('stg_deliveries') }} as deliveries
    inner join {{ ref('stg_accounts') }} as accounts
        on deliveries.claimed_office_id = accounts.office_id
        and deliveries.platform = accounts.platform
        and cast(deliveries.captured_at as date) >= accounts.valid_from_date
        and (
            accounts.valid_to_date is null
            or cast(deliveries.captured_at as date) < accounts.valid_to_date
        )
    where deliveries.claimed_account_id is null
    group by deliveries.delivery_id
    having count(distinct accounts.account_id) = 1
),

named_accounts as (
    select distinct account_id, platform from {{ ref('stg_accounts') }}
)

select
    deliveries.delivery_id,
    deliveries.claimed_account_id is not null as is_named,
    coalesce(named_accounts.account_id, sole_accounts.account_id) as account_id
from {{ ref('stg_deliveries') }} as deliveries
left join named_accounts
    on deliveries.claimed_account_id = named_accounts.account_id
    and deliveries.platform = named_accounts.platform
left join sole_accounts
    on deliveries.delivery_id = sole_accounts.delivery_id
where deliveries.status in ('loaded', 'rejected')
