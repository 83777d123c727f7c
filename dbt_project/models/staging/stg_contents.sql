select
    sha256,
    platform,
    month as row_month,
    platform_account_id,
    account_handle,
    is_guest,
    row_count,
    oldest_published_at,
    oldest_published_date,
    newest_published_at,
    newest_published_date,
    account_post_count,
    account_follower_count
from {{ source('lake', 'contents') }}
