{{ config(materialized='view') }}
-- Every record of a loaded file, with what links it to records that give its post another ID:
-- Instagram's number beside the shortcode, and the number of a Facebook post's video.
select
    *,
    case
        when platform = 'instagram' then delivered_post_id
        when kind = 'facebook_videos' then post_id
        when platform = 'facebook'
            then nullif(regexp_extract(permalink, '/(reel|videos)/([^/?]+/)?([0-9]+)', 3), '')
    end as other_id,
    -- An ID that is all the record bears, and another record may tell its post's.
    case
        when platform = 'instagram' and post_id = delivered_post_id then post_id
        when kind = 'facebook_videos' then post_id
    end as lone_id
from {{ ref('stg_posts') }}
where sha256 in (select sha256 from {{ ref('stg_deliveries') }} where status = 'loaded')
