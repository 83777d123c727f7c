-- One row per span, alias and office of an account, as the registry lists it.
select
    account_id
    || '@' || cast(valid_from_date as {{ dbt.type_string() }})
    || '@' || coalesce(platform_account_id, '')
    || '@' || coalesce(handle, '') as account_span_id,
    account_id,
    office_id,
    platform,
    platform_account_id,
    handle,
    account_name,
    valid_from_date,
    valid_to_date
from {{ ref('stg_accounts') }}
