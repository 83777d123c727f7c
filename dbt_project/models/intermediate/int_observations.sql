{{ config(materialized='by_month', unique_key='post_month') }}
-- One row per delivery and record: the counters of a post at the instant of the delivery. The same
-- bytes delivered for two instants are two rows. All in numbers, for writing a text once more for
-- every record costs more than all joins: which post it is stands with the post (`int_posts`), whom
-- the record names with what the delivery holds (`int_delivery_contents`), all else in the lake.
select
    posts.post_month,
    posts.post_number,
    records.row_month,
    contents.delivery_id,
    contents.content_number,
    records.record_number,
    {{ observation_order('records', 'contents') }} as observation_order,
    contents.captured_at,
    records.published_at,
    records.published_date,
    {{ precision_rank('records.published_precision') }} as precision_rank,
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
inner join {{ ref('int_post_ids') }} as posts
    on records.row_month = posts.row_month
    and records.platform = posts.platform
    and records.post_id = posts.record_post_id
    and records.is_alias_only = posts.is_alias_only
inner join {{ ref('int_delivery_contents') }} as contents
    on records.sha256 = contents.sha256
    and records.row_month = contents.row_month
    and records.is_guest = contents.is_guest
    and records.platform_account_id is not distinct from contents.platform_account_id
    and records.account_handle is not distinct from contents.account_handle
where posts.post_month in (select post_month from {{ ref('int_batch_months') }})
-- A post's records may lie in another month than the post.
and records.row_month in (
    select row_month
    from {{ ref('int_post_ids') }}
    where post_month in (select post_month from {{ ref('int_batch_months') }})
)
