{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='row_month') }}
-- The IDs that records bear, by month: what tells in which months a post has records.
select distinct
    platform,
    row_month,
    unnest([post_id, other_id]) as any_id
from {{ ref('int_observations') }}
where post_month in ({{ rebuilt() }})
