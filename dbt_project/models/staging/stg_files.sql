select
    sha256,
    batch,
    reader,
    locale
from {{ source('lake', 'files') }}
