{{ config(materialized='view') }}
-- Every observation: the counters of a post at an instant, and the record that says so.
select
    {{ observation_id() }} as observation_id,
    posts.post_key,
    observations.post_month,
    contents.account_id,
    observations.captured_at,
    observations.delivery_id,
    contents.sha256,
    observations.record_number,
    observations.view_count,
    observations.impression_count,
    observations.reach_count,
    observations.like_count,
    observations.comment_count,
    observations.share_count,
    observations.save_count
from {{ ref('int_observations') }} as observations
inner join {{ ref('int_posts') }} as posts
    on observations.post_number = posts.post_number and observations.post_month = posts.post_month
inner join {{ ref('int_delivery_contents') }} as contents
    on observations.delivery_id = contents.delivery_id
    and observations.content_number = contents.content_number
