{{ config(
    materialized='incremental',
    incremental_strategy='replace_months',
    unique_key='post_month',
    meta={'is_by_month': false},
) }}
-- Whose record each is: one row per month, ID and kind of ID that records bear, with the post. Posts
-- go by a number behind it, for joining and grouping by texts costs more than all the rest.
with borne as (
    select row_month, platform, post_id, other_id, lone_id, publication_order
    from {{ ref('int_record_ids') }}
    union all
    -- Months that an ID takes along have the same records as before.
    select row_month, platform, post_id, other_id, lone_id, publication_order
    from {{ other_table('built_ids') }}
    where row_month in ({{ rebuilt() }})
    and row_month not in (select row_month from {{ ref('int_month_inputs') }} where is_changed)
),

lone_ids as (
    select distinct platform, lone_id from borne where lone_id is not null
),

aliases as (
    select borne.platform, borne.other_id, min(borne.post_id) as post_id
    from borne
    inner join lone_ids
        on borne.platform = lone_ids.platform and borne.other_id = lone_ids.lone_id
    where borne.lone_id is null
    group by borne.platform, borne.other_id
),

named as (
    select
        borne.row_month,
        borne.platform,
        borne.post_id as borne_id,
        borne.lone_id is not null as is_lone,
        coalesce(min(aliases.post_id), borne.post_id) as post_id,
        min(borne.publication_order) as publication_order
    from borne
    left join aliases
        on borne.platform = aliases.platform and borne.lone_id = aliases.other_id
    group by borne.row_month, borne.platform, borne.post_id, borne.lone_id is not null
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
    named.borne_id,
    named.is_lone
from named
inner join numbered
    on named.platform = numbered.platform and named.post_id = numbered.post_id
