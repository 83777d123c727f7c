-- Every row that some loaded delivery holds, with one key per post.
with delivered as (
    select *
    from {{ ref('stg_posts') }}
    where sha256 in (select sha256 from {{ ref('stg_deliveries') }} where status = 'loaded')
),

-- A row without a shortcode bears the platform's number; another export may tell its shortcode.
shortcodes as (
    select platform, delivered_post_id, min(post_id) as post_id
    from delivered
    where post_id <> delivered_post_id and platform = 'instagram'
    group by platform, delivered_post_id
),

-- Facebook's export of videos bears the video's number, which the permalink of its post tells.
videos as (
    select
        regexp_extract(permalink, '/(reel|videos)/([^/?]+/)?([0-9]+)', 3) as video_id,
        min(post_id) as post_id
    from delivered
    where platform = 'facebook' and kind <> 'facebook_videos'
    group by 1
)

select
    delivered.* exclude (post_id),
    coalesce(shortcodes.post_id, videos.post_id, delivered.post_id) as post_id,
    delivered.platform || ':'
        || coalesce(shortcodes.post_id, videos.post_id, delivered.post_id) as post_key
from delivered
left join shortcodes
    on delivered.platform = shortcodes.platform
    and delivered.post_id = delivered.delivered_post_id
    and delivered.delivered_post_id = shortcodes.delivered_post_id
left join videos
    on delivered.kind = 'facebook_videos'
    and delivered.post_id = videos.video_id
