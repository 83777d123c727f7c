select
    office_id,
    name as office_name,
    league,
    time_zone,
    valid_from as valid_from_date,
    valid_to as valid_to_date
from {{ source('lake', 'offices') }}
