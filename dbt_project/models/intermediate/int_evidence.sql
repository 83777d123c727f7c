{{ config(materialized='view') }}
-- What each record says that decides whose a post is, when it was published, what it is and how much
-- it gained: the evidence of an edition.
select
    post_month,
    delivery_id,
    sha256,
    record_number,
    captured_at,
    post_key,
    platform,
    post_id,
    account_id,
    platform_account_id,
    account_handle,
    published_at,
    published_date,
    published_precision,
    is_reply,
    is_repost,
    is_story,
    is_cross_post,
    like_count,
    comment_count,
    share_count,
    save_count
from {{ ref('int_observations') }}
