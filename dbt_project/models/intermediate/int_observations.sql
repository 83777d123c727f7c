{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- One row per delivery and record: the counters of a post at the instant of the delivery, and the
-- registered account that the row names. The same bytes delivered for two instants are two rows.
with placed as (
    select
        posts.* exclude (row_month, other_id),
        coalesce(straddling.post_month, posts.row_month) as post_month,
        posts.row_month
    from {{ ref('int_post_rows') }} as posts
    left join (select distinct post_key, post_month from {{ ref('int_straddling_posts') }}) as straddling
        on posts.post_key = straddling.post_key
)

select
    contents.delivery_id || '-' || placed.record_number as observation_id,
    placed.post_month,
    contents.delivery_id,
    placed.sha256,
    placed.record_number,
    contents.captured_at,
    placed.platform,
    placed.kind,
    placed.post_key,
    placed.post_id,
    placed.delivered_post_id,
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
where placed.post_month in ({{ rebuilt() }})
