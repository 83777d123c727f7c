select
    platform,
    platform_name,
    published_precision,
    range_time_zone
from {{ source('lake', 'platforms') }}
