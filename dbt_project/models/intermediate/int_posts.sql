{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- One row per post. Where its rows name different accounts, the earliest capture decides whose it
-- is; of its publication times the most precise holds, then the earliest.
with named as (
    select
        *,
        -- By a number, by a handle, registered or not, or through its sender.
        coalesce(platform_account_id, account_handle, account_id) is not null as is_account_named
    from {{ ref('int_observations') }}
    where post_month in ({{ rebuilt() }})
),

ordered as (
    select
        *,
        row_number() over (
            partition by post_key
            order by is_account_named desc, captured_at, sha256, record_number, delivery_id
        ) as account_order,
        row_number() over (
            partition by post_key
            order by captured_at, sha256, record_number, delivery_id
        ) as capture_order,
        row_number() over (
            partition by post_key
            order by
                case published_precision when 'second' then 1 when 'minute' then 2 else 3 end,
                published_at nulls last,
                published_date nulls last,
                captured_at,
                sha256,
                record_number
        ) as precision_order
    from named
)

select
    post_key,
    max(post_month) as post_month,
    max(platform) as platform,
    max(post_id) as post_id,
    max(case when capture_order = 1 then delivered_post_id end) as delivered_post_id,
    max(case when capture_order = 1 then permalink end) as permalink,
    max(case when capture_order = 1 then post_type end) as post_type,
    max(case when capture_order = 1 then caption end) as caption,
    max(case when account_order = 1 then account_id end) as account_id,
    max(case when account_order = 1 then platform_account_id end) as platform_account_id,
    max(case when account_order = 1 then account_handle end) as account_handle,
    max(case when account_order = 1 then account_name end) as account_name,
    -- Unregistered is an answer too, so null counts as one.
    count(distinct coalesce(account_id, '')) filter (where is_account_named) > 1
        as is_account_disputed,
    max(case when precision_order = 1 then published_at end) as published_at,
    max(case when precision_order = 1 then published_date end) as published_date,
    max(case when precision_order = 1 then published_precision end) as published_precision,
    max(case when precision_order = 1 then published_source end) as published_source,
    bool_or(is_reply) as is_reply,
    bool_or(is_repost) as is_repost,
    bool_or(is_story) as is_story,
    bool_or(is_cross_post) as is_cross_post,
    min(captured_at) as first_observed_at,
    max(captured_at) as last_observed_at,
    max_by(kind, cast(captured_at as varchar) || kind) as last_kind,
    count(*) as observation_count
from ordered
group by post_key
