select
    policy_id,
    platform,
    like_weight,
    comment_weight,
    share_weight,
    save_weight
from {{ source('lake', 'policy_weights') }}
