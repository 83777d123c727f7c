-- A table: it is part of a finished state, and views find the lake from dbt's folder only.
{{ config(materialized='table') }}
select
    platform,
    platform_name,
    published_precision,
    range_time_zone,
    has_captions
from {{ source('lake', 'platforms') }}
