-- Every record that some loaded delivery holds, with what links it to records that give its post
-- another ID: Instagram's number beside the shortcode, and the number of a Facebook post's video.
select
    posts.* exclude (batch),
    case
        when posts.platform = 'instagram' and posts.post_id <> posts.delivered_post_id
            then posts.delivered_post_id
        when posts.platform = 'facebook' and posts.kind <> 'facebook_videos'
            then nullif(regexp_extract(posts.permalink, '/(reel|videos)/([^/?]+/)?([0-9]+)', 3), '')
    end as other_id,
    -- It bears the other ID alone, and another record may tell its post's.
    coalesce(
        (posts.platform = 'instagram' and posts.post_id = posts.delivered_post_id)
        or posts.kind = 'facebook_videos',
        false
    ) as is_other_id_only
from {{ ref('stg_posts') }} as posts
inner join {{ ref('stg_files') }} as files
    on posts.sha256 = files.sha256 and posts.batch = files.batch
where posts.sha256 in (select sha256 from {{ ref('stg_deliveries') }} where status = 'loaded')
