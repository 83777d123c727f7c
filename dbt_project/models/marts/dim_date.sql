-- One row per day of the months in which posts lie.
with days as (
    select cast(days.instant as date) as date_day
    from (
        select {{ spine('edges.first_date', 'edges.last_date', 'day') }} as instant
        from (
            select
                min(month) as first_date,
                {{ add_days(next_month('max(month)'), -1) }} as last_date
            from {{ ref('int_policy_months') }}
        ) as edges
        where edges.first_date is not null
    ) as days
)

select
    date_day,
    {{ month_of('date_day') }} as month,
    cast(extract(year from date_day) as integer) as year_number,
    cast(extract(month from date_day) as integer) as month_number,
    cast(extract(day from date_day) as integer) as day_number,
    cast({{ weekday('date_day') }} as integer) as weekday_number
from days
