{{ config(materialized='by_month', unique_key='post_month') }}
-- What looks wrong and is shown, never smoothed.
with observed as {{ not_materialized() }} (
    select observations.*, posts.post_key
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_posts') }} as posts
        on observations.post_number = posts.post_number
    where
        observations.post_month in (select post_month from {{ ref('int_batch_months') }})
        and posts.post_month in (select post_month from {{ ref('int_batch_months') }})
),

-- Up to which capture a post is judged under some policy, and its last observation up to then. What
-- is captured later flags it no more, so that a closed month stays as it was published; under a
-- policy without a cut-off no post is ever closed.
closing as {{ materialized() }} (
    select
        post_number,
        case when count(*) = count(cutoff_at) then max(cutoff_at) end as closes_at,
        max(last_order) as last_order
    from {{ ref('int_post_values') }}
    where
        not is_neighbouring
        and post_month in (select post_month from {{ ref('int_batch_months') }})
    group by post_number
),

timely as {{ not_materialized() }} (
    select observed.*
    from observed
    inner join closing
        on observed.post_number = closing.post_number
    where closing.closes_at is null or observed.captured_at <= closing.closes_at
),

-- A day without a time begins at its midnight in the policy's zone; some policy's is the latest.
published as (
    select post_number, published_at
    from {{ ref('int_posts') }}
    where
        published_precision <> 'day'
        and post_month in (select post_month from {{ ref('int_batch_months') }})
    union all
    select
        posts.post_number,
        max({{ to_utc(start_of('posts.published_date'), 'policies.time_zone') }})
            as published_at
    from {{ ref('int_posts') }} as posts
    cross join {{ ref('stg_policies') }} as policies
    where
        posts.published_precision = 'day'
        and posts.post_month in (select post_month from {{ ref('int_batch_months') }})
    group by posts.post_number
),

-- Under some policy; the youngest record of the delivery is what disproves its capture time.
disproved as (
    select
        deliveries.delivery_id,
        max(coalesce(contents.newest_published_at, contents.newest_published_date))
            as newest_published_at
    from (select distinct delivery_id from {{ ref('int_disproved_deliveries') }}) as deliveries
    inner join {{ ref('int_delivery_contents') }} as contents
        on deliveries.delivery_id = contents.delivery_id
    group by deliveries.delivery_id
),

-- What deliveries hold of accounts that their sender did not have on the day of the capture, where
-- the sender is an office; a collaborator's post is no concern of the account's. Few, so that only
-- their observations are looked at.
foreign_contents as (
    select
        contents.delivery_id,
        contents.content_number,
        contents.account_id,
        deliveries.claimed_office_id as office_id
    from {{ ref('int_delivery_contents') }} as contents
    inner join {{ ref('stg_deliveries') }} as deliveries
        on contents.delivery_id = deliveries.delivery_id
    left join {{ ref('stg_accounts') }} as accounts
        on contents.account_id = accounts.account_id
        and deliveries.claimed_office_id = accounts.office_id
        and cast(contents.captured_at as date) >= accounts.valid_from_date
        and (
            accounts.valid_to_date is null
            or cast(contents.captured_at as date) < accounts.valid_to_date
        )
    where
        contents.account_id is not null
        and not contents.is_guest
        and accounts.account_id is null
        and deliveries.claimed_office_id in (select office_id from {{ ref('stg_offices') }})
),

-- An office still exports what it published before it gave its account away.
foreign_posts as (
    select distinct
        observations.post_key,
        observations.post_month,
        contents.account_id,
        contents.office_id
    from timely as observations
    inner join foreign_contents as contents
        on observations.delivery_id = contents.delivery_id
        and observations.content_number = contents.content_number
    left join {{ ref('stg_accounts') }} as accounts
        on contents.account_id = accounts.account_id
        and contents.office_id = accounts.office_id
        and accounts.valid_from_date <= cast(observations.captured_at as date)
        and (
            accounts.valid_to_date is null
            or cast(coalesce(observations.published_at, observations.published_date) as date)
            < accounts.valid_to_date
        )
    where accounts.account_id is null
),

-- Unregistered is an answer too, so null counts as one; a row that names nobody answers nothing.
disputed as (
    select
        observations.post_key,
        observations.post_month
    from timely as observations
    inner join {{ ref('int_delivery_contents') }} as contents
        on observations.delivery_id = contents.delivery_id
        and observations.content_number = contents.content_number
    where
        coalesce(contents.platform_account_id, contents.account_handle, contents.account_id)
        is not null
        and observations.post_number in (
            select post_number
            from {{ ref('int_posts') }}
            where
                is_account_disputed
                and post_month in (select post_month from {{ ref('int_batch_months') }})
        )
    group by observations.post_key, observations.post_month
    having min(coalesce(contents.account_id, '')) <> max(coalesce(contents.account_id, ''))
),

last_seen as (
    select
        posts.post_key,
        posts.post_month,
        posts.account_id,
        cast(coalesce(posts.published_at, posts.published_date) as date) as published_date,
        closing.closes_at,
        observations.captured_at,
        deliveries.kind
    from closing
    inner join {{ ref('int_posts') }} as posts
        on closing.post_number = posts.post_number
    inner join {{ ref('int_observations') }} as observations
        on closing.post_number = observations.post_number
        and closing.last_order = observations.observation_order
    inner join {{ ref('stg_deliveries') }} as deliveries
        on observations.delivery_id = deliveries.delivery_id
    where
        posts.post_month in (select post_month from {{ ref('int_batch_months') }})
        and observations.post_month in (select post_month from {{ ref('int_batch_months') }})
)

select
    'capture_before_publication' as flag,
    observations.post_key,
    observations.post_month,
    {{ observation_id() }} as observation_id,
    'captured ' || cast(observations.captured_at as {{ dbt.type_string() }}) || ', published '
    || cast(published.published_at as {{ dbt.type_string() }}) as detail
from observed as observations
inner join published
    on observations.post_number = published.post_number
    and observations.captured_at < published.published_at

union all

select
    'counter_fell' as flag,
    post_key,
    post_month,
    {{ observation_id('falls') }} as observation_id,
    {% for counter in ['like', 'comment', 'share', 'save'] -%}
    case
        when {{ counter }}_count < earlier_{{ counter }}_count
            then '{{ counter }} ' || earlier_{{ counter }}_count
                || ' to ' || {{ counter }}_count || '; '
        else ''
    end{{ " || " if not loop.last }}
    {%- endfor %} as detail
from {{ ref('int_counter_falls') }} as falls
where post_month in (select post_month from {{ ref('int_batch_months') }})

union all

-- Every export prints the same time again.
select distinct
    'printed_time_far_from_id' as flag,
    post_key,
    post_month,
    cast(null as {{ dbt.type_string() }}) as observation_id,
    'printed ' || cast(printed_at as {{ dbt.type_string() }})
    || ', ID ' || cast(id_at as {{ dbt.type_string() }}) as detail
from timely
where abs({{ dbt.datediff('id_at', 'printed_at', 'second') }}) > 7200

union all

select
    'account_disputed' as flag,
    post_key,
    post_month,
    cast(null as {{ dbt.type_string() }}) as observation_id,
    'its rows name different accounts; the earliest capture decides' as detail
from disputed

union all

-- A later export of its account covers the day of publication and lacks the post.
select distinct
    'post_vanished' as flag,
    last_seen.post_key,
    last_seen.post_month,
    cast(null as {{ dbt.type_string() }}) as observation_id,
    'last seen ' || cast(last_seen.captured_at as {{ dbt.type_string() }})
    || '; a later export of its account covers its day and lacks it' as detail
from last_seen
inner join {{ ref('int_delivery_accounts') }} as later
    on last_seen.account_id = later.account_id
    and last_seen.kind = later.kind
    and last_seen.captured_at < later.captured_at
    and (last_seen.closes_at is null or later.captured_at <= last_seen.closes_at)
    and not later.is_truncated
    -- A rejected record may be the post.
    and later.rejected_count = 0
    -- A day's margin: the range is in the exporter's zone.
    and later.covers_from_date < last_seen.published_date
    and later.covers_to_date > last_seen.published_date

union all

select
    'capture_disproved' as flag,
    observations.post_key,
    observations.post_month,
    {{ observation_id() }} as observation_id,
    'captured ' || cast(observations.captured_at as {{ dbt.type_string() }})
    || '; its delivery holds a post published '
    || cast(disproved.newest_published_at as {{ dbt.type_string() }}) as detail
from observed as observations
inner join disproved
    on observations.delivery_id = disproved.delivery_id

union all

select
    'sender_of_another_office' as flag,
    post_key,
    post_month,
    cast(null as {{ dbt.type_string() }}) as observation_id,
    'delivered by ' || office_id || ', which does not have the account ' || account_id as detail
from foreign_posts
