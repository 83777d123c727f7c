select
    office_id || '@' || cast(valid_from_date as {{ dbt.type_string() }}) as office_span_id,
    office_id,
    office_name,
    league,
    time_zone,
    valid_from_date,
    valid_to_date
from {{ ref('stg_offices') }}
