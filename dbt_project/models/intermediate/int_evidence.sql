{{ config(materialized='view') }}
-- What each record says that decides its post, besides its counters (`fct_engagement`): whose it
-- is, when it was published, and what it is. The evidence of an edition.
select
    observations.post_month,
    observations.delivery_id,
    observations.record_number,
    contents.platform_account_id,
    contents.account_handle,
    observations.published_at,
    observations.published_date,
    case observations.precision_rank when 1 then 'second' when 2 then 'minute' else 'day' end
        as published_precision,
    observations.is_reply,
    observations.is_repost,
    observations.is_story,
    observations.is_cross_post,
    observations.printed_at,
    observations.id_at
from {{ ref('int_observations') }} as observations
inner join {{ ref('int_delivery_contents') }} as contents
    on observations.delivery_id = contents.delivery_id
    and observations.content_number = contents.content_number
