{{ config(materialized='view') }}
-- In which order captures count: by instant, hash, record, delivery. A whole number per delivery, so
-- that the first or last observation of many posts is found in little memory: `observation_order`.
select
    delivery_id,
    cast(
        dense_rank() over (order by captured_at, sha256) * 137438953472
        + row_number() over (partition by captured_at, sha256 order by delivery_id)
        as bigint
    ) as delivery_order
from {{ ref('stg_deliveries') }}
where status = 'loaded'
