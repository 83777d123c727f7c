-- Whose an account is and what it is called, day by day: one row per account and span of days in
-- which the same rows of the registry hold. Aliases hold at the same time and name the same office;
-- the youngest row names the account.
with edges as (
    select account_id, valid_from_date as edge_date from {{ ref('stg_accounts') }}
    union
    select account_id, valid_to_date as edge_date
    from {{ ref('stg_accounts') }}
    where valid_to_date is not null
),

spans as (
    select
        account_id,
        edge_date as first_date,
        lead(edge_date) over (partition by account_id order by edge_date) as next_date
    from edges
),

held as (
    select
        spans.account_id,
        spans.first_date,
        spans.next_date,
        min(accounts.office_id) over (
            partition by spans.account_id, spans.first_date
        ) as office_id,
        accounts.handle,
        accounts.account_name,
        row_number() over (
            partition by spans.account_id, spans.first_date
            order by
                accounts.valid_from_date desc,
                coalesce(accounts.platform_account_id, '') asc,
                coalesce(accounts.handle, '') asc,
                accounts.platform asc,
                accounts.account_name asc nulls first
        ) as position
    from spans
    inner join {{ ref('stg_accounts') }} as accounts
        on spans.account_id = accounts.account_id
        and spans.first_date >= accounts.valid_from_date
        and (accounts.valid_to_date is null or spans.first_date < accounts.valid_to_date)
)

select
    account_id,
    first_date,
    next_date,
    office_id,
    handle,
    account_name
from held
where position = 1
