select
    campaign_id,
    hashtag,
    keyword,
    valid_from as valid_from_date,
    valid_to as valid_to_date,
    leagues,
    platforms
from {{ source('lake', 'campaigns') }}
