{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- One row per delivery and record: the counters of a post at the instant of the delivery, and the
-- registered account that the row names. The same bytes delivered for two instants are two rows.
with records as (
    select * from {{ ref('int_records') }} where row_month in ({{ rebuilt() }})
),

aliases as (
    select platform, other_id, min(post_id) as post_id
    from records
    where other_id is not null and not is_other_id_only
    group by platform, other_id
),

keyed as (
    select
        records.* exclude (post_id),
        coalesce(aliases.post_id, records.post_id) as post_id,
        records.platform || ':' || coalesce(aliases.post_id, records.post_id) as post_key
    from records
    left join aliases
        on records.is_other_id_only
        and records.platform = aliases.platform
        and records.other_id = aliases.other_id
),

-- Of a post with records in several months that of the most precise time holds, then the earliest.
straddling as (
    select post_key from keyed group by post_key having min(row_month) < max(row_month)
),

dated as (
    select
        keyed.post_key,
        keyed.row_month as post_month,
        row_number() over (
            partition by keyed.post_key
            order by
                case keyed.published_precision when 'second' then 1 when 'minute' then 2 else 3 end,
                keyed.published_at nulls last,
                keyed.published_date nulls last
        ) as precision_order
    from keyed
    inner join straddling
        on keyed.post_key = straddling.post_key
),

placed as (
    select keyed.*, coalesce(dated.post_month, keyed.row_month) as post_month
    from keyed
    left join dated
        on keyed.post_key = dated.post_key and dated.precision_order = 1
)

select
    contents.delivery_id || '-' || placed.record_number as observation_id,
    placed.post_month,
    placed.row_month,
    contents.delivery_id,
    placed.sha256,
    placed.record_number,
    contents.captured_at,
    placed.platform,
    placed.kind,
    placed.post_key,
    placed.post_id,
    placed.delivered_post_id,
    placed.other_id,
    placed.permalink,
    placed.post_type,
    placed.caption,
    placed.platform_account_id,
    placed.account_handle,
    placed.account_name,
    placed.is_guest,
    contents.account_id,
    placed.published_at,
    placed.published_date,
    placed.published_precision,
    placed.published_source,
    placed.printed_at,
    placed.id_at,
    placed.is_reply,
    placed.is_repost,
    placed.is_story,
    placed.is_cross_post,
    placed.view_count,
    placed.impression_count,
    placed.reach_count,
    placed.like_count,
    placed.comment_count,
    placed.share_count,
    placed.save_count
from placed
inner join {{ ref('int_delivery_contents') }} as contents
    on placed.sha256 = contents.sha256
    and placed.row_month = contents.row_month
    and placed.is_guest = contents.is_guest
    and placed.platform_account_id is not distinct from contents.platform_account_id
    and placed.account_handle is not distinct from contents.account_handle
where contents.row_month in ({{ rebuilt() }})
