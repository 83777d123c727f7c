{{ config(materialized='by_month', unique_key='post_month') }}
-- One row per post. Where its rows name different accounts, the earliest capture decides whose it
-- is; of its publication times the most precise holds, then the earliest.
-- Which observations decide is found first, by numbers alone: texts need too much memory.
with observed as {{ not_materialized() }} (
    select
        observations.*,
        contents.sha256,
        contents.account_id,
        contents.is_disproved,
        -- By a number, by a handle, registered or not, or through its sender.
        coalesce(contents.platform_account_id, contents.account_handle, contents.account_id) is null
            as is_unnamed,
        -- The most precise is first, then the earliest.
        cast(observations.precision_rank as {{ type_whole() }}) * 10000000000000000
        + {{ microseconds('coalesce(observations.published_at, observations.published_date)') }}
            as publication_order
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_delivery_contents') }} as contents
        on observations.delivery_id = contents.delivery_id
        and observations.content_number = contents.content_number
    where observations.post_month in (select post_month from {{ ref('int_batch_months') }})
),

posts as (
    select
        post_number,
        min(post_month) as post_month,
        min(observation_order) as first_order,
        -- A row whose account the registry does not know decides only where none is known, a row
        -- that names nobody only where none names anybody; a disproved capture only where no other
        -- decides.
        coalesce(
            min(observation_order) filter (where account_id is not null and not is_disproved),
            min(observation_order) filter (where account_id is not null),
            min(observation_order) filter (where not is_unnamed),
            min(observation_order)
        ) as owner_order,
        cast(
            min(publication_order * 9223372036854775808 + observation_order) % 9223372036854775808
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
    group by post_number
),

ids as (
    select distinct post_number, platform, post_id
    from {{ ref('int_post_ids') }}
    where post_month in (select post_month from {{ ref('int_batch_months') }})
),

-- A post's record may lie in another month than the post.
row_months as (
    select distinct row_month
    from {{ ref('int_post_ids') }}
    where post_month in (select post_month from {{ ref('int_batch_months') }})
),

deciding as {{ materialized() }} (
    select
        observed.observation_order,
        observed.account_id,
        observed.row_month,
        records.sha256,
        records.record_number,
        records.platform_account_id,
        records.account_handle,
        records.account_name,
        records.published_at,
        records.published_date,
        records.published_precision,
        records.published_source
    from observed
    inner join {{ ref('int_records') }} as records
        on observed.sha256 = records.sha256
        and observed.record_number = records.record_number
        and observed.row_month = records.row_month
    where
        observed.observation_order in (
            select {{ each_of(['first_order', 'owner_order', 'published_order']) }} from posts
        )
        and records.row_month in (select row_month from row_months)
)

select
    posts.post_number,
    ids.platform || ':' || ids.post_id as post_key,
    posts.post_month,
    ids.platform,
    ids.post_id,
    texts.delivered_post_id,
    texts.permalink,
    texts.post_type,
    texts.post_kind,
    texts.caption,
    texts.hashtags,
    texts.caption_length,
    texts.has_question,
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
    posts.observation_count
from posts
inner join ids
    on posts.post_number = ids.post_number
inner join deciding as first_seen
    on posts.first_order = first_seen.observation_order
inner join deciding as owner
    on posts.owner_order = owner.observation_order
inner join deciding as published
    on posts.published_order = published.observation_order
-- Captions are long: only one of each post leaves the lake.
inner join {{ ref('int_records') }} as texts
    on first_seen.sha256 = texts.sha256
    and first_seen.record_number = texts.record_number
    and first_seen.row_month = texts.row_month
where texts.row_month in (select row_month from row_months)
