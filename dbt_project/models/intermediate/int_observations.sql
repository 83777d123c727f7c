{{ config(
    materialized='incremental',
    incremental_strategy='replace_months',
    unique_key='post_month',
    meta={'is_by_month': false},
) }}
-- One row per delivery and record: the counters of a post at the instant of the delivery, and the
-- registered account that the row names. The same bytes delivered for two instants are two rows.
-- What one record in ten decides is left in the lake, and each part reads only the columns that it
-- needs: whole records are too wide to be kept.
with lone_ids as (
    select distinct platform, lone_id
    from {{ ref('int_records') }}
    where lone_id is not null and row_month in ({{ rebuilt() }})
),

aliases as (
    select records.platform, records.other_id, min(records.post_id) as post_id
    from {{ ref('int_records') }} as records
    inner join lone_ids
        on records.platform = lone_ids.platform and records.other_id = lone_ids.lone_id
    where records.lone_id is null and records.row_month in ({{ rebuilt() }})
    group by records.platform, records.other_id
),

dates as (
    select
        records.platform,
        coalesce(aliases.post_id, records.post_id) as post_id,
        records.row_month,
        -- The most precise is first, then the earliest.
        case records.published_precision when 'second' then 1 when 'minute' then 2 else 3 end
        * 1000000000000
        + {{ seconds_between("timestamp '1970-01-01'", 'cast(coalesce(records.published_at, records.published_date) as timestamp)') }}
            as precision_order
    from {{ ref('int_records') }} as records
    left join aliases
        on records.platform = aliases.platform and records.lone_id = aliases.other_id
    where records.row_month in ({{ rebuilt() }})
),

-- Posts with records in several months: the record that is first says which holds.
straddling as (
    select
        platform,
        post_id,
        min_by(row_month, precision_order) as post_month
    from dates
    group by platform, post_id
    having min(row_month) < max(row_month)
)

select
    coalesce(straddling.post_month, records.row_month) as post_month,
    records.row_month,
    contents.delivery_id,
    records.sha256,
    records.record_number,
    contents.captured_at,
    records.platform,
    records.kind,
    records.platform || ':' || coalesce(aliases.post_id, records.post_id) as post_key,
    coalesce(aliases.post_id, records.post_id) as post_id,
    records.platform_account_id,
    records.account_handle,
    records.account_name,
    contents.account_id,
    records.published_at,
    records.published_date,
    records.published_precision,
    records.published_source,
    records.printed_at,
    records.id_at,
    records.is_reply,
    records.is_repost,
    records.is_story,
    records.is_cross_post,
    records.view_count,
    records.impression_count,
    records.reach_count,
    records.like_count,
    records.comment_count,
    records.share_count,
    records.save_count
from {{ ref('int_records') }} as records
left join aliases
    on records.platform = aliases.platform and records.lone_id = aliases.other_id
left join straddling
    on records.platform = straddling.platform
    and coalesce(aliases.post_id, records.post_id) = straddling.post_id
inner join {{ ref('int_delivery_contents') }} as contents
    on records.sha256 = contents.sha256
    and records.row_month = contents.row_month
    and records.is_guest = contents.is_guest
    and records.platform_account_id is not distinct from contents.platform_account_id
    and records.account_handle is not distinct from contents.account_handle
where records.row_month in ({{ rebuilt() }}) and contents.row_month in ({{ rebuilt() }})
