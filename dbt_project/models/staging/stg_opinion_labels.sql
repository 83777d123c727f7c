select
    sha256,
    record_number,
    code as comment_code,
    reading,
    label
from {{ source('lake', 'labels') }}
