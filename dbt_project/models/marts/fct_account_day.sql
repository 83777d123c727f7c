-- The value of a metric of a registered account on a day, from the latest capture that reports it.
with ranked as (
    select
        *,
        row_number() over (
            partition by account_id, date_day, metric
            order by captured_at desc, kind asc, sha256 asc, record_number asc
        ) as position
    from {{ ref('int_account_days') }}
    where account_id is not null and date_day is not null and metric_value is not null
)

select
    account_id || ':' || cast(date_day as {{ dbt.type_string() }}) || ':' || metric
        as account_day_id,
    account_id,
    platform,
    date_day,
    metric,
    cast(metric_value as bigint) as metric_value,
    is_year_inferred,
    kind,
    captured_at,
    delivery_id,
    sha256,
    record_number
from ranked
where position = 1
