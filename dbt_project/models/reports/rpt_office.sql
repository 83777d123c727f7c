-- How each ranked office is called in a month: the last name that holds on some day of it.
with ranked as (
    select distinct
        month,
        office_id
    from {{ ref('rank_monthly') }}
    where is_official
),

named as (
    select
        ranked.month,
        ranked.office_id,
        offices.office_name,
        row_number() over (
            partition by ranked.month, ranked.office_id
            order by offices.valid_from_date desc
        ) as position
    from ranked
    inner join {{ ref('dim_office') }} as offices
        on ranked.office_id = offices.office_id
        and offices.valid_from_date <= last_day(ranked.month)
)

select
    month,
    office_id,
    office_name,
    replace(office_name, 'Kantor Wilayah Kementerian Hukum', 'Kanwil') as office_short_name
from named
where position = 1
