{{ config(
    materialized='by_month',
    unique_key='post_month',
    meta={'is_batched': false},
) }}
-- Which post each record is of: one row per month, ID and kind of ID in its records, with the post.
-- Posts go by a number from here on, for joining and grouping by texts costs more than all the
-- rest.
with records as (
    select row_month, platform, post_id, alias_id, is_alias_only, publication_order
    from {{ ref('int_record_ids') }}
    union all
    -- Months that an ID takes along have the same records as before.
    select row_month, platform, post_id, alias_id, is_alias_only, publication_order
    from {{ without_ref('built_ids') }}
    where row_month in (select post_month from {{ ref('int_batch_months') }})
    and row_month not in (select row_month from {{ ref('int_month_inputs') }} where is_changed)
),

-- IDs whose post is known from other records only.
unresolved as (
    select distinct platform, post_id as alias_id from records where is_alias_only
),

aliases as (
    select records.platform, records.alias_id, min(records.post_id) as post_id
    from records
    inner join unresolved
        on records.platform = unresolved.platform and records.alias_id = unresolved.alias_id
    where not records.is_alias_only
    group by records.platform, records.alias_id
),

named as (
    select
        records.row_month,
        records.platform,
        records.post_id as record_post_id,
        records.is_alias_only,
        coalesce(min(aliases.post_id), records.post_id) as post_id,
        min(records.publication_order) as publication_order
    from records
    left join aliases
        on records.is_alias_only
        and records.platform = aliases.platform
        and records.post_id = aliases.alias_id
    group by records.row_month, records.platform, records.post_id, records.is_alias_only
),

-- Of a post with records in several months the record that is first says which holds.
posts as (
    select
        platform,
        post_id,
        min_by(row_month, publication_order) as post_month
    from named
    group by platform, post_id
),

numbered as (
    select
        *,
        cast(
            (year(post_month) * 12 + month(post_month)) * 4294967296
            + row_number() over (partition by post_month order by platform, post_id)
            as bigint
        ) as post_number
    from posts
)

select
    numbered.post_month,
    numbered.post_number,
    named.platform,
    numbered.post_id,
    named.row_month,
    named.record_post_id,
    named.is_alias_only
from named
inner join numbered
    on named.platform = numbered.platform and named.post_id = numbered.post_id
