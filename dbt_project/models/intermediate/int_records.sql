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
    end as alias_id,
    -- All that the record gives is the alias; its post's ID may stand in another record.
    coalesce(
        (platform = 'instagram' and post_id = delivered_post_id) or kind = 'facebook_videos', false
    ) as is_alias_only
from {{ ref('stg_posts') }}
where sha256 in (select sha256 from {{ ref('stg_deliveries') }} where status = 'loaded')
