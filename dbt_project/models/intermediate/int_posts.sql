{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- One row per post. Where its rows name different accounts, the earliest capture decides whose it
-- is; of its publication times the most precise holds, then the earliest.
-- Which observations decide is found first, by numbers alone: their texts need too much memory.
with observed as not materialized (
    select
        observations.*,
        {{ observation_order('observations', 'deliveries') }} as observation_order,
        -- By a number, by a handle, registered or not, or through its sender.
        coalesce(platform_account_id, account_handle, account_id) is null as is_unnamed,
        -- The most precise is first, then the earliest.
        cast(case published_precision when 'second' then 1 when 'minute' then 2 else 3 end as hugeint)
        * 10000000000000000
        + {{ microseconds('coalesce(published_at, published_date)') }} as publication_order
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_delivery_order') }} as deliveries
        on observations.delivery_id = deliveries.delivery_id
    where post_month in ({{ rebuilt() }})
),

posts as (
    select
        post_key,
        min(observation_order) as first_order,
        max(observation_order) as last_order,
        -- A row that names nobody decides only where none names anybody.
        coalesce(
            min(observation_order) filter (where not is_unnamed), min(observation_order)
        ) as owner_order,
        cast(
            min(publication_order * 9223372036854775808 + observation_order) & 9223372036854775807
            as bigint
        ) as published_order,
        -- Unregistered is an answer too, so null counts as one.
        coalesce(
            min(coalesce(account_id, '')) filter (where not is_unnamed)
            <> max(coalesce(account_id, '')) filter (where not is_unnamed),
            false
        ) as is_account_disputed,
        bool_or(is_reply) as is_reply,
        bool_or(is_repost) as is_repost,
        bool_or(is_story) as is_story,
        bool_or(is_cross_post) as is_cross_post,
        min(captured_at) as first_observed_at,
        max(captured_at) as last_observed_at,
        count(*) as observation_count
    from observed
    group by post_key
),

deciding as materialized (
    select * from observed
    where observation_order in (
        select unnest([first_order, last_order, owner_order, published_order]) from posts
    )
)

select
    posts.post_key,
    first_seen.post_month,
    first_seen.platform,
    first_seen.post_id,
    records.delivered_post_id,
    records.permalink,
    records.post_type,
    records.caption,
    owner.account_id,
    owner.platform_account_id,
    owner.account_handle,
    owner.account_name,
    posts.is_account_disputed,
    published.published_at,
    published.published_date,
    published.published_precision,
    published.published_source,
    posts.is_reply,
    posts.is_repost,
    posts.is_story,
    posts.is_cross_post,
    posts.first_observed_at,
    posts.last_observed_at,
    last_seen.kind as last_kind,
    posts.observation_count
from posts
inner join deciding as first_seen
    on posts.first_order = first_seen.observation_order
inner join deciding as last_seen
    on posts.last_order = last_seen.observation_order
inner join deciding as owner
    on posts.owner_order = owner.observation_order
inner join deciding as published
    on posts.published_order = published.observation_order
-- Texts are long and stay in the lake, but for one record's per post.
inner join {{ ref('int_records') }} as records
    on first_seen.sha256 = records.sha256
    and first_seen.record_number = records.record_number
    and first_seen.row_month = records.row_month
-- A post's first record may lie in another month than the post.
where records.row_month in (select row_month from deciding)
