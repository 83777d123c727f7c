-- Whether the exports of a registered account cover a month, under each policy's zone and cut-off:
-- complete where they hold every day on which it is registered and no rejected record may be a post
-- of the month, missing where they hold no whole day, else partial.
with months as (
    select
        months.*,
        {{ add_days(next_month('months.month'), -1) }} as last_date
    from {{ ref('int_policy_months') }} as months
    where months.month between
        (
            select min(month) from {{ ref('int_post_values') }}
            where account_id is not null and not is_neighbouring
        )
        and (
            select max(month) from {{ ref('int_post_values') }}
            where account_id is not null and not is_neighbouring
        )
),

-- The days of the month on which an account of the policy's platforms is registered, wherever.
registered as (
    select
        months.policy_id,
        months.month,
        months.cutoff_at,
        policies.time_zone,
        accounts.account_id,
        accounts.platform,
        greatest(accounts.valid_from_date, months.month) as first_date,
        least(
            coalesce(accounts.valid_to_date, {{ next_month('months.month') }}),
            {{ next_month('months.month') }}
        ) as next_date
    from months
    inner join {{ ref('dim_policy') }} as policies
        on months.policy_id = policies.policy_id
    inner join {{ ref('dim_account') }} as accounts
        on array_contains(policies.platforms, accounts.platform)
        and accounts.valid_from_date <= months.last_date
        and (accounts.valid_to_date is null or accounts.valid_to_date > months.month)
),

asked as (
    select
        *,
        {{ to_utc('cast(first_date as timestamp)', 'time_zone') }} as starts_at,
        {{ to_utc('cast(next_date as timestamp)', 'time_zone') }} as ends_at
    from registered
),

-- The spans of deliveries up to the cut-off, joined where they touch.
touching as (
    select distinct
        asked.policy_id,
        asked.month,
        asked.account_id,
        spans.sha256,
        spans.is_rejected,
        spans.starts_at,
        spans.ends_at
    from asked
    inner join {{ ref('int_coverage_spans') }} as spans
        on asked.policy_id = spans.policy_id
        and asked.account_id = spans.account_id
        and spans.starts_at < asked.ends_at
        and spans.ends_at > asked.starts_at
        and (asked.cutoff_at is null or spans.captured_at <= asked.cutoff_at)
),

numbered as (
    select
        *,
        max(ends_at) over (
            partition by policy_id, month, account_id
            order by starts_at, ends_at
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from touching
    -- What was rejected whole lists no posts.
    where not is_rejected
),

grouped as (
    select
        *,
        sum(case when reached_at >= starts_at then 0 else 1 end) over (
            partition by policy_id, month, account_id
            order by starts_at, ends_at
            rows between unbounded preceding and current row
        ) as group_number
    from numbered
),

islands as (
    select
        policy_id,
        month,
        account_id,
        min(starts_at) as starts_at,
        max(ends_at) as ends_at
    from grouped
    group by policy_id, month, account_id, group_number
),

-- Of each island what lies within a stretch of registered days, and the date on which that begins.
clipped as (
    select
        asked.policy_id,
        asked.month,
        asked.account_id,
        asked.first_date,
        asked.time_zone,
        greatest(islands.starts_at, asked.starts_at) as starts_at,
        least(islands.ends_at, asked.ends_at) as ends_at,
        cast(
            {{ to_local('greatest(islands.starts_at, asked.starts_at)', 'asked.time_zone') }}
            as date
        ) as local_date
    from asked
    inner join islands
        on asked.policy_id = islands.policy_id
        and asked.month = islands.month
        and asked.account_id = islands.account_id
        and islands.starts_at < asked.ends_at
        and islands.ends_at > asked.starts_at
),

-- It holds a whole day where it holds all of that date, or else of the next.
whole_days as (
    select
        *,
        {{ to_utc(start_of('local_date'), 'time_zone') }} >= starts_at
        and {{ to_utc(start_of(add_days('local_date', 1)), 'time_zone') }} <= ends_at
        or {{ to_utc(start_of(add_days('local_date', 2)), 'time_zone') }} <= ends_at
            as holds_a_day
    from clipped
),

-- What the deliveries hold of each stretch of registered days: all of it, or a whole day.
held as (
    select
        asked.policy_id,
        asked.month,
        asked.account_id,
        asked.first_date,
        min(asked.platform) as platform,
        coalesce(
            bool_or(
                whole_days.starts_at = asked.starts_at and whole_days.ends_at = asked.ends_at
            ),
            false
        ) as is_held,
        coalesce(bool_or(whole_days.holds_a_day), false) as holds_a_day
    from asked
    left join whole_days
        on asked.policy_id = whole_days.policy_id
        and asked.month = whole_days.month
        and asked.account_id = whole_days.account_id
        and asked.first_date = whole_days.first_date
    group by asked.policy_id, asked.month, asked.account_id, asked.first_date
),

-- A rejected record that may be a post of the month and is not known from elsewhere.
lost as (
    select distinct
        touching.policy_id,
        touching.month,
        touching.account_id
    from touching
    inner join months
        on touching.policy_id = months.policy_id and touching.month = months.month
    inner join {{ ref('int_unknown_rejects') }} as rejects
        on touching.policy_id = rejects.policy_id
        and touching.sha256 = rejects.sha256
        and (rejects.month is null or rejects.month = touching.month)
        and (rejects.known_at is null or rejects.known_at > months.cutoff_at)
)

select
    held.policy_id,
    held.month,
    held.account_id,
    min(held.platform) as platform,
    case
        when not bool_or(held.holds_a_day) then 'missing'
        when bool_and(held.is_held) and count(lost.account_id) = 0 then 'complete'
        else 'partial'
    end as state
from held
left join lost
    on held.policy_id = lost.policy_id
    and held.month = lost.month
    and held.account_id = lost.account_id
group by held.policy_id, held.month, held.account_id
