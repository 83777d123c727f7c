-- The records of the months that are read, with one key per post.
with aliases as (
    select platform, other_id, min(post_id) as post_id
    from {{ ref('int_post_ids') }}
    where other_id is not null and row_month in (select post_month from {{ ref('int_months') }} where is_read)
    group by platform, other_id
)

select
    records.* exclude (post_id, other_id, is_other_id_only),
    records.other_id,
    coalesce(aliases.post_id, records.post_id) as post_id,
    records.platform || ':' || coalesce(aliases.post_id, records.post_id) as post_key
from {{ ref('int_records') }} as records
left join aliases
    on records.is_other_id_only
    and records.platform = aliases.platform
    and records.post_id = aliases.other_id
where records.row_month in (select post_month from {{ ref('int_months') }} where is_read)
