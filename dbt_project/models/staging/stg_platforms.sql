select
    platform,
    platform_name,
    published_precision
from {{ source('lake', 'platforms') }}
