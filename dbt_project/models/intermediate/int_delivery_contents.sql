-- What each loaded delivery holds of whom, by month: one row per delivery, month and account as the
-- export names it, with the registered account that this is.
-- In which order captures count: by instant, receipt, hash, record, delivery. A whole number per
-- delivery, so that the first or last observation of many posts is found in little memory:
-- `observation_order`.
with ordered as (
    select
        delivery_id,
        sha256,
        captured_at,
        received_at,
        cast(
            dense_rank() over (order by captured_at, received_at, sha256) * 137438953472
            + row_number() over (partition by captured_at, received_at, sha256 order by delivery_id)
            as bigint
        ) as delivery_order
    from {{ ref('stg_deliveries') }}
    where status = 'loaded'
),

delivered as (
    select
        deliveries.delivery_id,
        deliveries.captured_at,
        deliveries.received_at,
        cast(deliveries.captured_at as date) as captured_date,
        deliveries.delivery_order,
        contents.*
    from {{ ref('stg_contents') }} as contents
    inner join ordered as deliveries
        on contents.sha256 = deliveries.sha256
),

-- Identity first: the platform's number names an account at any date.
by_number as (
    select platform, platform_account_id, min(account_id) as account_id
    from {{ ref('stg_accounts') }}
    where platform_account_id is not null
    group by platform, platform_account_id
),

-- An export shows the handle of the day it was made.
by_handle as (
    select
        named.platform,
        named.account_handle,
        named.captured_date,
        min(accounts.account_id) as account_id
    from (select distinct platform, account_handle, captured_date from delivered) as named
    inner join {{ ref('stg_accounts') }} as accounts
        on named.platform = accounts.platform
        and named.account_handle = accounts.handle
        and named.captured_date >= accounts.valid_from_date
        and (accounts.valid_to_date is null or named.captured_date < accounts.valid_to_date)
    group by named.platform, named.account_handle, named.captured_date
)

select
    delivered.delivery_id,
    -- A file's contents never change, so neither does this.
    cast(
        row_number() over (
            partition by delivered.delivery_id
            order by
                delivered.row_month,
                delivered.platform_account_id nulls first,
                delivered.account_handle nulls first,
                delivered.is_guest
        ) as bigint
    ) as content_number,
    delivered.delivery_order,
    delivered.sha256,
    delivered.captured_at,
    delivered.received_at,
    -- Some record was published more than 15 minutes after the capture, whatever the zone; a day
    -- begins first 14 hours ahead of UTC.
    coalesce(
        max(delivered.newest_published_at) over by_delivery
        > {{ dbt.dateadd('minute', 15, 'delivered.captured_at') }},
        false
    )
    or coalesce(
        {{ dbt.dateadd(
            'hour', -14, 'cast(max(delivered.newest_published_date) over by_delivery as timestamp)'
        ) }}
        > {{ dbt.dateadd('minute', 15, 'delivered.captured_at') }},
        false
    ) as is_disproved,
    delivered.platform,
    delivered.row_month,
    delivered.platform_account_id,
    delivered.account_handle,
    delivered.is_guest,
    case
        -- Only an export that names no account belongs to its sender.
        when delivered.platform_account_id is null and delivered.account_handle is null
            then senders.account_id
        else coalesce(by_number.account_id, by_handle.account_id)
    end as account_id,
    delivered.row_count,
    delivered.oldest_published_at,
    delivered.oldest_published_date,
    delivered.newest_published_at,
    delivered.newest_published_date,
    delivered.account_post_count,
    delivered.account_follower_count
from delivered
left join by_number
    on delivered.platform = by_number.platform
    and delivered.platform_account_id = by_number.platform_account_id
left join by_handle
    on delivered.platform = by_handle.platform
    and delivered.account_handle = by_handle.account_handle
    and delivered.captured_date = by_handle.captured_date
left join {{ ref('int_delivery_senders') }} as senders
    on delivered.delivery_id = senders.delivery_id
window by_delivery as (partition by delivered.delivery_id)
