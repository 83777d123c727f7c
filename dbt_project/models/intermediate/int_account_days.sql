-- One row per delivery, record and metric: a day of the account that the delivery is about. These
-- exports name no account, so it is the delivery's, else the sender's only one on the platform.
with delivered as (
    select
        days.*,
        deliveries.delivery_id,
        deliveries.captured_at,
        cast(deliveries.captured_at as date) as captured_date,
        deliveries.claimed_office_id,
        deliveries.claimed_account_id
    from {{ ref('stg_account_days') }} as days
    inner join {{ ref('stg_deliveries') }} as deliveries
        on days.sha256 = deliveries.sha256 and deliveries.status = 'loaded'
),

named_accounts as (
    select distinct account_id, platform from {{ ref('stg_accounts') }}
),

sole_accounts as (
    select
        senders.delivery_id,
        senders.platform,
        min(accounts.account_id) as account_id
    from (
        select distinct delivery_id, platform, claimed_office_id, captured_date
        from delivered
        where claimed_account_id is null
    ) as senders
    inner join {{ ref('stg_accounts') }} as accounts
        on senders.claimed_office_id = accounts.office_id
        and senders.platform = accounts.platform
        and senders.captured_date >= accounts.valid_from_date
        and (accounts.valid_to_date is null or senders.captured_date < accounts.valid_to_date)
    group by senders.delivery_id, senders.platform
    having count(distinct accounts.account_id) = 1
)

select
    delivered.delivery_id,
    delivered.sha256,
    delivered.record_number,
    delivered.captured_at,
    delivered.kind,
    coalesce(delivered.platform, named_accounts.platform) as platform,
    coalesce(named_accounts.account_id, sole_accounts.account_id) as account_id,
    -- A day without a year is the last such day that had begun anywhere when the file was made.
    coalesce(
        delivered.whole_date,
        {%- for back in range(9) %}
        {%- set day -%}
            try_cast(
                (year({{ add_days('delivered.captured_date', 1) }}) - {{ back }}) || '-'
                    || lpad(cast(delivered.month_of_year as {{ dbt.type_string() }}), 2, '0') || '-'
                    || lpad(cast(delivered.day_of_month as {{ dbt.type_string() }}), 2, '0') as date
            )
        {%- endset %}
        case when {{ day }} <= {{ add_days('delivered.captured_date', 1) }} then {{ day }} end
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    ) as date_day,
    delivered.whole_date is null as is_year_inferred,
    delivered.metric,
    delivered.metric_value
from delivered
left join named_accounts
    on delivered.claimed_account_id = named_accounts.account_id
    and coalesce(delivered.platform, named_accounts.platform) = named_accounts.platform
left join sole_accounts
    on delivered.delivery_id = sole_accounts.delivery_id
    and delivered.platform = sole_accounts.platform
