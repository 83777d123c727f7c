{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='row_month') }}
-- The IDs that records bear, by month: what tells which months a post's records lie in.
select distinct
    platform,
    row_month,
    post_id,
    other_id,
    is_other_id_only
from {{ ref('int_records') }}
where row_month in (select post_month from {{ ref('int_month_inputs') }} where is_changed)
