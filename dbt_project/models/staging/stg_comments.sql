-- Without the texts: they stay in the lake, and no state of the warehouse holds them.
select
    sha256,
    record_number,
    platform,
    comment_id,
    post_id,
    published_at,
    coalesce(trim(text) <> '', false) as has_text,
    like_count,
    parent_comment_id,
    is_by_account
from {{ source('lake', 'comments') }}
