-- Every row of every platform that some loaded delivery holds, with one key per post.
with every_row as (
    {% for platform in var('platforms') %}
    select * from {{ ref('stg_' ~ platform ~ '__posts') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

unioned as (
    select *
    from every_row
    where sha256 in (select sha256 from {{ ref('stg_deliveries') }} where status = 'loaded')
),

-- A row without a shortcode bears the platform's number; another export may tell its shortcode.
shortcodes as (
    select platform, delivered_post_id, min(post_id) as post_id
    from unioned
    where post_id <> delivered_post_id and platform = 'instagram'
    group by platform, delivered_post_id
)

select
    unioned.* exclude (post_id),
    coalesce(shortcodes.post_id, unioned.post_id) as post_id,
    unioned.platform || ':' || coalesce(shortcodes.post_id, unioned.post_id) as post_key
from unioned
left join shortcodes
    on unioned.platform = shortcodes.platform
    and unioned.post_id = unioned.delivered_post_id
    and unioned.delivered_post_id = shortcodes.delivered_post_id
