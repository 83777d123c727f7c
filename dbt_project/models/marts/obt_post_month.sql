{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- One big table for self-service: each post under each policy with its office, account, rule and
-- counters, so that no join is needed. It computes nothing that ranks.
with posts as materialized (
    select
        *,
        row_number() over () as post_number
    from {{ ref('fct_post_month') }}
    where post_month in ({{ rebuilt() }})
),

accounts as (
    select
        dates.account_id,
        dates.local_date,
        accounts.handle,
        accounts.account_name,
        -- Aliases hold at the same time; the youngest row names the account.
        row_number() over (
            partition by dates.account_id, dates.local_date
            order by accounts.valid_from_date desc, accounts.account_span_id
        ) as position
    from (select distinct account_id, local_date from posts) as dates
    inner join {{ ref('dim_account') }} as accounts
        on dates.account_id = accounts.account_id
        and dates.local_date >= accounts.valid_from_date
        and (accounts.valid_to_date is null or dates.local_date < accounts.valid_to_date)
),

-- What is captured after the cut-off is left out, so that a row is the same for ever after it.
{% set counters = ['view_count', 'impression_count', 'reach_count', 'like_count', 'comment_count', 'share_count', 'save_count'] %}
observed as not materialized (
    select
        engagement.*,
        {{ observation_order('engagement', 'deliveries') }} as observation_order
    from {{ ref('fct_engagement') }} as engagement
    inner join {{ ref('int_delivery_order') }} as deliveries
        on engagement.delivery_id = deliveries.delivery_id
    where engagement.post_month in ({{ rebuilt() }})
),

timely as (
    select
        posts.post_number,
        count(*) as observation_count,
        max(observed.observation_order) as last_order
    from posts
    inner join observed
        on posts.post_key = observed.post_key
        and (posts.cutoff_at is null or observed.captured_at <= posts.cutoff_at)
    group by posts.post_number
),

counted as (
    select
        timely.post_number,
        timely.observation_count,
        observed.captured_at,
        {%- for counter in counters %}
        observed.{{ counter }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from timely
    inner join observed
        on timely.last_order = observed.observation_order
)

select
    posts.post_month_id,
    posts.policy_id,
    policies.title,
    policies.effective_from_date <= posts.month
    and (policies.effective_to_date is null or policies.effective_to_date > posts.month)
        as is_official,
    posts.month,
    posts.local_date,
    cast(extract(isodow from posts.local_date) as integer) as weekday_number,
    cast(extract(hour from {{ to_local('dims.published_at', 'policies.time_zone') }}) as integer)
        as local_hour,
    posts.post_key,
    posts.post_month,
    posts.platform,
    platforms.platform_name,
    posts.post_id,
    dims.permalink,
    dims.post_type,
    posts.account_id,
    accounts.handle,
    accounts.account_name,
    posts.office_id,
    offices.office_name,
    posts.league,
    posts.is_counted,
    posts.reason,
    posts.is_month_uncertain,
    dims.is_reply,
    dims.is_repost,
    dims.is_story,
    dims.is_cross_post,
    dims.published_at,
    dims.published_precision,
    posts.window_ends_at,
    posts.value,
    posts.value_low,
    posts.value_high,
    posts.grade,
    cast(coalesce(counted.observation_count, 0) as bigint) as timely_observation_count,
    counted.captured_at as counted_at,
    {%- for counter in counters %}
    counted.{{ counter }}
    {{- "," if not loop.last }}
    {%- endfor %}
from posts
inner join {{ ref('dim_post') }} as dims
    on posts.post_key = dims.post_key and posts.post_month = dims.post_month
inner join {{ ref('dim_policy') }} as policies
    on posts.policy_id = policies.policy_id
left join {{ ref('dim_platform') }} as platforms
    on posts.platform = platforms.platform
left join {{ ref('dim_office') }} as offices
    on posts.office_id = offices.office_id
    and posts.local_date >= offices.valid_from_date
    and (offices.valid_to_date is null or posts.local_date < offices.valid_to_date)
left join accounts
    on posts.account_id = accounts.account_id
    and posts.local_date = accounts.local_date
    and accounts.position = 1
left join counted
    on posts.post_number = counted.post_number
