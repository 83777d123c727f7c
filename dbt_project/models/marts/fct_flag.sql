{{ config(materialized='by_month', unique_key='post_month') }}
-- What looks wrong and is shown, never smoothed.
with observed as not materialized (
    select observations.*, posts.post_key
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_posts') }} as posts
        on observations.post_number = posts.post_number
    where
        observations.post_month in (select post_month from {{ ref('int_batch_months') }})
        and posts.post_month in (select post_month from {{ ref('int_batch_months') }})
),

-- Where no counter is lower than the one before, none is lower than any before; one that follows a
-- blank may be. Only the posts of such are looked at whole.
suspect as (
    select distinct post_number
    from (
        select
            post_number,
            {%- for counter in ['like', 'comment', 'share', 'save'] %}
            {{ counter }}_count < lag({{ counter }}_count) over by_time
            or (
                {{ counter }}_count is not null
                and lag({{ counter }}_count, 1, {{ counter }}_count) over by_time is null
            )
            {{- " or" if not loop.last }}
            {%- endfor %} as is_lower
        from {{ ref('int_observations') }}
        where post_month in (select post_month from {{ ref('int_batch_months') }})
        window by_time as (partition by post_number order by captured_at)
    ) as compared
    where is_lower
),

fallen as (
    select
        *,
        {% for counter in ['like', 'comment', 'share', 'save'] %}
        max({{ counter }}_count) over earlier as earlier_{{ counter }}_count
        {{- "," if not loop.last }}
        {% endfor %}
    from observed
    where post_number in (select post_number from suspect)
    window earlier as (
        partition by post_number order by captured_at
        range between unbounded preceding and interval 1 second preceding
    )
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
    {{ observation_id('fallen') }} as observation_id,
    {% for counter in ['like', 'comment', 'share', 'save'] -%}
    case
        when {{ counter }}_count < earlier_{{ counter }}_count
            then '{{ counter }} ' || earlier_{{ counter }}_count
                || ' to ' || {{ counter }}_count || '; '
        else ''
    end{{ " || " if not loop.last }}
    {%- endfor %} as detail
from fallen
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
    cast(null as {{ dbt.type_string() }}) as observation_id,
    'printed ' || cast(printed_at as {{ dbt.type_string() }})
    || ', ID ' || cast(id_at as {{ dbt.type_string() }}) as detail
from observed
where abs({{ dbt.datediff('id_at', 'printed_at', 'second') }}) > 7200

union all

select
    'account_disputed' as flag,
    post_key,
    post_month,
    cast(null as {{ dbt.type_string() }}) as observation_id,
    'its rows name different accounts; the earliest capture decides' as detail
from {{ ref('int_posts') }}
where is_account_disputed and post_month in (select post_month from {{ ref('int_batch_months') }})

union all

-- A later export of its account covers the day of publication and lacks the post.
select distinct
    'post_vanished' as flag,
    posts.post_key,
    posts.post_month,
    cast(null as {{ dbt.type_string() }}) as observation_id,
    'last seen ' || cast(posts.last_observed_at as {{ dbt.type_string() }})
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
where posts.post_month in (select post_month from {{ ref('int_batch_months') }})
