select
    comment_count,
    sampled_count,
    label_count,
    low_count,
    high_count
from {{ source('lake', 'opinion_intervals') }}
