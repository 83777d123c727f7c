select
    policy_id,
    platform,
    hours,
    low,
    typical,
    high
from {{ source('lake', 'policy_growth') }}
