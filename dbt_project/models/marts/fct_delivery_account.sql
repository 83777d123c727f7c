-- Which registered accounts each delivery is an export of: when an account was last captured, and
-- whether the capture can be believed.
select
    covered.delivery_id,
    covered.account_id,
    covered.platform,
    covered.kind,
    covered.captured_at,
    deliveries.claimed_office_id,
    covered.delivery_id in (select delivery_id from {{ ref('int_disproved_deliveries') }})
        as is_capture_disproved
from {{ ref('int_delivery_accounts') }} as covered
inner join {{ ref('stg_deliveries') }} as deliveries
    on covered.delivery_id = deliveries.delivery_id
where not covered.is_rejected
