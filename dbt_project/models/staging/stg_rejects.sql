-- A table: it is part of a finished state, and views find the lake from dbt's folder only.
{{ config(materialized='table') }}
select
    sha256,
    record_number,
    rule,
    platform,
    post_id,
    published_at,
    published_date
from {{ source('lake', 'rejects') }}
