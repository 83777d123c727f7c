-- A table: it is part of a finished state, and views find the lake from dbt's folder only.
{{ config(materialized='table') }}
select
    delivery_id,
    sha256,
    name,
    folder,
    received_at,
    captured_at,
    captured_at_source,
    office_id as claimed_office_id,
    account_id as claimed_account_id,
    covers_from as covers_from_date,
    covers_to as covers_to_date,
    covers_source,
    platform,
    kind,
    status,
    reason,
    record_count,
    loaded_count,
    rejected_count,
    set_aside_count,
    is_truncated,
    holds,
    covers_posts
from {{ source('lake', 'deliveries') }}
