{{ config(materialized='view') }}
-- Every observation: the counters of a post at an instant, and the record that says so.
select
    {{ observation_id() }} as observation_id,
    post_key,
    post_month,
    account_id,
    captured_at,
    delivery_id,
    sha256,
    record_number,
    view_count,
    impression_count,
    reach_count,
    like_count,
    comment_count,
    share_count,
    save_count
from {{ ref('int_observations') }} as observations
