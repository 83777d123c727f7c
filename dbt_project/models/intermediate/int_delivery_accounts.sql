-- Which accounts each delivery covers: the account that it names, else those whose own posts it
-- holds, else, where it holds no record at all, its sender's only account: a true zero. One that
-- was rejected whole lists nothing, but its records may be posts of the account that it names.
with held as (
    select
        delivery_id,
        account_id,
        bool_or(not is_guest) as is_own,
        min(oldest_published_at) as oldest_published_at,
        min(oldest_published_date) as oldest_published_date
    from {{ ref('int_delivery_contents') }}
    where account_id is not null
    group by delivery_id, account_id
),

matched as (
    select
        deliveries.delivery_id,
        deliveries.sha256,
        deliveries.platform,
        deliveries.kind,
        deliveries.captured_at,
        deliveries.covers_from_date,
        deliveries.covers_to_date,
        deliveries.covers_source,
        deliveries.is_truncated,
        deliveries.rejected_count,
        deliveries.status = 'rejected' as is_rejected,
        held.oldest_published_at,
        held.oldest_published_date,
        case
            when senders.is_named then senders.account_id
            when deliveries.loaded_count + deliveries.rejected_count = 0 then senders.account_id
            else held.account_id
        end as account_id
    from {{ ref('stg_deliveries') }} as deliveries
    inner join {{ ref('int_delivery_senders') }} as senders
        on deliveries.delivery_id = senders.delivery_id
    left join held
        on deliveries.delivery_id = held.delivery_id
        and case
            when senders.is_named then held.account_id = senders.account_id
            else held.is_own
        end
    -- A list of videos or of days is no evidence that there were no other posts.
    where deliveries.covers_posts
)

select *
from matched
where account_id is not null
