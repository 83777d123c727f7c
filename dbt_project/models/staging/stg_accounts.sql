select
    account_id,
    office_id,
    platform,
    platform_account_id,
    handle,
    name as account_name,
    valid_from as valid_from_date,
    valid_to as valid_to_date
from {{ source('lake', 'accounts') }}
