select
    sha256,
    record_number,
    platform,
    kind,
    platform_account_id,
    account_handle,
    date as whole_date,
    month as month_of_year,
    day as day_of_month,
    metric,
    value as metric_value
from {{ source('lake', 'account_days') }}
