select
    month,
    office_id,
    comment_count,
    sampled_count
from {{ source('lake', 'opinion_offices') }}
