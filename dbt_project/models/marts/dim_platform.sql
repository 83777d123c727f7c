select
    platform,
    platform_name,
    published_precision
from {{ ref('stg_platforms') }}
