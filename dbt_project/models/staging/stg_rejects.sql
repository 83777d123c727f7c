select
    sha256,
    record_number,
    rule,
    platform,
    post_id,
    published_at,
    published_date
from {{ source('lake', 'rejects') }}
