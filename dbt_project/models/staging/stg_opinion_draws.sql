select
    month,
    code as comment_code,
    office_id,
    is_twice
from {{ source('lake', 'opinion_draws') }}
