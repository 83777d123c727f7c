-- One row per delivery and record: the counters of a post at the instant of the delivery, and the
-- registered account that the row names. The same bytes delivered for two instants are two rows.
with observed as (
    select
        posts.*,
        deliveries.delivery_id,
        deliveries.captured_at,
        cast(deliveries.captured_at as date) as captured_date,
        deliveries.claimed_office_id,
        deliveries.claimed_account_id
    from {{ ref('int_post_rows') }} as posts
    inner join {{ ref('stg_deliveries') }} as deliveries
        on posts.sha256 = deliveries.sha256 and deliveries.status = 'loaded'
),

-- Identity first: the platform's number names an account at any date.
by_number as (
    select platform, platform_account_id, min(account_id) as account_id
    from {{ ref('stg_accounts') }}
    where platform_account_id is not null
    group by platform, platform_account_id
),

-- An export shows the handle of the day it was made.
by_handle as (
    select named.platform, named.account_handle, named.captured_date, min(accounts.account_id) as account_id
    from (select distinct platform, account_handle, captured_date from observed) as named
    inner join {{ ref('stg_accounts') }} as accounts
        on named.platform = accounts.platform
        and named.account_handle = accounts.handle
        and named.captured_date >= accounts.valid_from_date
        and (accounts.valid_to_date is null or named.captured_date < accounts.valid_to_date)
    group by named.platform, named.account_handle, named.captured_date
)

select
    observed.delivery_id || '-' || observed.record_number as observation_id,
    observed.delivery_id,
    observed.sha256,
    observed.record_number,
    observed.captured_at,
    observed.platform,
    observed.kind,
    observed.post_key,
    observed.post_id,
    observed.delivered_post_id,
    observed.permalink,
    observed.post_type,
    observed.caption,
    observed.platform_account_id,
    observed.account_handle,
    observed.account_name,
    observed.is_guest,
    case
        -- Only an export that names no account belongs to its sender.
        when observed.platform_account_id is null and observed.account_handle is null
            then senders.account_id
        else coalesce(by_number.account_id, by_handle.account_id)
    end as account_id,
    observed.published_at,
    observed.published_date,
    observed.published_precision,
    observed.published_source,
    observed.printed_at,
    observed.id_at,
    observed.is_reply,
    observed.is_repost,
    observed.is_story,
    observed.is_cross_post,
    observed.view_count,
    observed.impression_count,
    observed.reach_count,
    observed.like_count,
    observed.comment_count,
    observed.share_count,
    observed.save_count
from observed
left join by_number
    on observed.platform = by_number.platform
    and observed.platform_account_id = by_number.platform_account_id
left join by_handle
    on observed.platform = by_handle.platform
    and observed.account_handle = by_handle.account_handle
    and observed.captured_date = by_handle.captured_date
left join {{ ref('int_delivery_senders') }} as senders
    on observed.delivery_id = senders.delivery_id
