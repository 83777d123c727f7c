{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- Posts whose records lie in several months, with the month that holds: of the most precise time of
-- publication, then the earliest. One row per post, month and IDs that its records bear there.
with ids as (
    select *
    from {{ ref('int_post_ids') }}
    where row_month in (select post_month from {{ ref('int_months') }} where is_read)
),

aliases as (
    select platform, other_id, min(post_id) as post_id
    from ids
    where other_id is not null
    group by platform, other_id
),

keyed as (
    select
        ids.platform,
        ids.platform || ':' || coalesce(aliases.post_id, ids.post_id) as post_key,
        ids.row_month,
        ids.post_id,
        ids.other_id
    from ids
    left join aliases
        on ids.is_other_id_only and ids.platform = aliases.platform and ids.post_id = aliases.other_id
),

straddling as (
    select post_key
    from keyed
    group by post_key
    having min(row_month) < max(row_month)
),

dated as (
    select
        post_key,
        row_month,
        row_number() over (
            partition by post_key
            order by
                case published_precision when 'second' then 1 when 'minute' then 2 else 3 end,
                published_at nulls last,
                published_date nulls last
        ) as precision_order
    from {{ ref('int_post_rows') }}
    where post_key in (select post_key from straddling)
)

select
    keyed.platform,
    keyed.post_key,
    keyed.row_month,
    keyed.post_id,
    keyed.other_id,
    dated.row_month as post_month
from keyed
inner join dated
    on keyed.post_key = dated.post_key and dated.precision_order = 1
where dated.row_month in ({{ rebuilt() }})
