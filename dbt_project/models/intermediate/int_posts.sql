{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- One row per post. Where its rows name different accounts, the earliest capture decides whose it
-- is; of its publication times the most precise holds, then the earliest.
{% set capture = ['captured_at', 'sha256', 'record_number', 'delivery_id'] %}
with observed as (
    select
        *,
        -- By a number, by a handle, registered or not, or through its sender.
        coalesce(platform_account_id, account_handle, account_id) is null as is_unnamed,
        case published_precision when 'second' then 1 when 'minute' then 2 else 3 end
            as precision_order
    from {{ ref('int_observations') }}
    where post_month in ({{ rebuilt() }})
),

posts as (
    select
        post_key,
        max(post_month) as post_month,
        max(platform) as platform,
        max(post_id) as post_id,
        min_by(
            {{ pack(['delivered_post_id', 'permalink', 'post_type', 'sha256', 'record_number', 'row_month']) }},
            {{ pack(capture) }}
        ) as first_seen,
        min_by(
            {{ pack(['account_id', 'platform_account_id', 'account_handle', 'account_name']) }},
            {{ pack(['is_unnamed'] + capture) }}
        ) as owner,
        min_by(
            {{ pack(['published_at', 'published_date', 'published_precision', 'published_source']) }},
            {{ pack(['precision_order', 'published_at', 'published_date', 'captured_at', 'sha256', 'record_number']) }}
        ) as published,
        -- Unregistered is an answer too, so null counts as one.
        count(distinct coalesce(account_id, '')) filter (where not is_unnamed) > 1
            as is_account_disputed,
        bool_or(is_reply) as is_reply,
        bool_or(is_repost) as is_repost,
        bool_or(is_story) as is_story,
        bool_or(is_cross_post) as is_cross_post,
        min(captured_at) as first_observed_at,
        max(captured_at) as last_observed_at,
        max_by(kind, cast(captured_at as varchar) || kind) as last_kind,
        count(*) as observation_count
    from observed
    group by post_key
)

select
    posts.post_key,
    posts.post_month,
    posts.platform,
    posts.post_id,
    posts.first_seen.delivered_post_id,
    posts.first_seen.permalink,
    posts.first_seen.post_type,
    records.caption,
    posts.owner.account_id,
    posts.owner.platform_account_id,
    posts.owner.account_handle,
    posts.owner.account_name,
    posts.is_account_disputed,
    posts.published.published_at,
    posts.published.published_date,
    posts.published.published_precision,
    posts.published.published_source,
    posts.is_reply,
    posts.is_repost,
    posts.is_story,
    posts.is_cross_post,
    posts.first_observed_at,
    posts.last_observed_at,
    posts.last_kind,
    posts.observation_count
from posts
-- Captions are long and stay in the lake, but for one per post.
inner join {{ ref('int_records') }} as records
    on posts.first_seen.sha256 = records.sha256
    and posts.first_seen.record_number = records.record_number
    and posts.first_seen.row_month = records.row_month
where records.row_month in ({{ rebuilt() }})
