-- One row per day of the months in which posts lie.
with days as (
    select cast({{ spine('first_date', 'last_date', 'day') }} as date) as date_day
    from (
        select
            min(month) as first_date,
            {{ add_days(next_month('max(month)'), -1) }} as last_date
        from {{ ref('int_policy_months') }}
    ) as edges
    where first_date is not null
)

select
    date_day,
    {{ month_of('date_day') }} as month,
    cast(extract(year from date_day) as integer) as year_number,
    cast(extract(month from date_day) as integer) as month_number,
    cast(extract(day from date_day) as integer) as day_number,
    cast(extract(isodow from date_day) as integer) as weekday_number
from days
