{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- What looks wrong and is shown, never smoothed.
with observed as (
    select
        *,
        {% for counter in ['like', 'comment', 'share', 'save'] %}
        max({{ counter }}_count) over earlier as earlier_{{ counter }}_count
        {{- "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_observations') }}
    where post_month in ({{ rebuilt() }})
    window earlier as (
        partition by post_key order by captured_at
        range between unbounded preceding and interval 1 second preceding
    )
),

-- A day without a time begins at its midnight in the policy's zone; some policy's is the latest.
published as (
    select post_key, max(published_from_at) as published_at
    from {{ ref('int_post_policies') }}
    where post_month in ({{ rebuilt() }})
    group by post_key
)

select
    'capture_before_publication' as flag,
    observations.post_key,
    observations.post_month,
    {{ observation_id() }} as observation_id,
    'captured ' || cast(observations.captured_at as varchar) || ', published '
    || cast(published.published_at as varchar) as detail
from {{ ref('int_observations') }} as observations
inner join published
    on observations.post_key = published.post_key
    and observations.captured_at < published.published_at
where observations.post_month in ({{ rebuilt() }})

union all

select
    'counter_fell' as flag,
    post_key,
    post_month,
    {{ observation_id('observed') }} as observation_id,
    {% for counter in ['like', 'comment', 'share', 'save'] -%}
    case
        when {{ counter }}_count < earlier_{{ counter }}_count
            then '{{ counter }} ' || earlier_{{ counter }}_count || ' to ' || {{ counter }}_count || '; '
        else ''
    end{{ " || " if not loop.last }}
    {%- endfor %} as detail
from observed
where
    {% for counter in ['like', 'comment', 'share', 'save'] -%}
    {{ counter }}_count < earlier_{{ counter }}_count{{ " or " if not loop.last }}
    {%- endfor %}

union all

-- Every export prints the same time again.
select distinct
    'printed_time_far_from_id' as flag,
    post_key,
    post_month,
    cast(null as varchar) as observation_id,
    'printed ' || cast(printed_at as varchar) || ', ID ' || cast(id_at as varchar) as detail
from {{ ref('int_observations') }}
where abs({{ seconds_between('printed_at', 'id_at') }}) > 7200 and post_month in ({{ rebuilt() }})

union all

select
    'account_disputed' as flag,
    post_key,
    post_month,
    cast(null as varchar) as observation_id,
    'its rows name different accounts; the earliest capture decides' as detail
from {{ ref('int_posts') }}
where is_account_disputed and post_month in ({{ rebuilt() }})

union all

-- A later export of its account covers the day of publication and lacks the post.
select distinct
    'post_vanished' as flag,
    posts.post_key,
    posts.post_month,
    cast(null as varchar) as observation_id,
    'last seen ' || cast(posts.last_observed_at as varchar)
    || '; a later export of its account covers its day and lacks it' as detail
from {{ ref('int_posts') }} as posts
inner join {{ ref('int_delivery_accounts') }} as later
    on posts.account_id = later.account_id
    and posts.last_kind = later.kind
    and posts.last_observed_at < later.captured_at
    and not later.is_truncated
    -- A rejected record may be the post.
    and later.rejected_count = 0
    -- A day's margin: the range is in the exporter's zone.
    and later.covers_from_date < cast(coalesce(posts.published_at, posts.published_date) as date)
    and later.covers_to_date > cast(coalesce(posts.published_at, posts.published_date) as date)
where posts.post_month in ({{ rebuilt() }})
