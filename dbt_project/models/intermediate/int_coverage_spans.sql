-- From when to when each delivery lists all posts of an account, under each policy: from the first
-- day that it tells of, or from the day of its oldest record where that is older or where it tells
-- of none, to the last day that it tells of, and no further than its capture. One that was captured
-- before it begins lists nothing.
{% set range_zone -%}
    case
        when covering.covers_source = 'name' then platforms.range_time_zone else policies.time_zone
    end
{%- endset %}
with deliveries as (
    select
        policies.policy_id,
        policies.time_zone,
        covering.delivery_id,
        covering.sha256,
        covering.account_id,
        covering.captured_at,
        covering.is_rejected,
        -- A range in a file's name is in the zone in which the platform prints times.
        {{ to_utc(
            'cast(covering.covers_from_date as timestamp)',
            range_zone
        ) }} as range_starts_at,
        {{ to_utc(
            'cast(' ~ add_days('covering.covers_to_date', 1) ~ ' as timestamp)',
            range_zone
        ) }} as range_ends_at,
        covering.oldest_published_at,
        {{ to_utc('cast(covering.oldest_published_date as timestamp)', 'policies.time_zone') }}
            as oldest_day_starts_at,
        {{ to_utc(
            'cast(' ~ add_days('covering.oldest_published_date', 1) ~ ' as timestamp)',
            'policies.time_zone'
        ) }} as oldest_day_ends_at
    from {{ ref('int_delivery_accounts') }} as covering
    cross join {{ ref('stg_policies') }} as policies
    inner join {{ ref('stg_platforms') }} as platforms
        on covering.platform = platforms.platform
    left join {{ ref('int_disproved_deliveries') }} as disproved
        on policies.policy_id = disproved.policy_id and covering.delivery_id = disproved.delivery_id
    where not covering.is_truncated and disproved.delivery_id is null
),

-- The oldest records by instant and by day, where they are surely older than the range.
started as (
    select
        *,
        case when range_starts_at is null or oldest_published_at <= range_starts_at then
            {{ to_utc(
                'cast(cast(' ~ to_local('oldest_published_at', 'time_zone') ~ ' as date) as timestamp)',
                'time_zone'
            ) }}
        end as instant_starts_at,
        case
            when range_starts_at is null or oldest_day_ends_at <= range_starts_at
                then oldest_day_starts_at
        end as day_starts_at
    from deliveries
),

spans as (
    select
        policy_id,
        delivery_id,
        sha256,
        account_id,
        captured_at,
        is_rejected,
        coalesce(least(instant_starts_at, day_starts_at), range_starts_at) as starts_at,
        least(captured_at, range_ends_at) as ends_at
    from started
)

select *
from spans
where starts_at < ends_at
