-- Whether the exports of a registered account cover a month, under each policy's zone and cut-off.
with months as (
    select
        months.*,
        {{ add_days(next_month('months.month'), -1) }} as last_date
    from {{ ref('int_policy_months') }} as months
    where months.month between
        (select min(month) from {{ ref('fct_post_month') }} where account_id is not null)
        and (select max(month) from {{ ref('fct_post_month') }} where account_id is not null)
),

-- An account of the policy's platforms that is registered on some day of the month.
registered as (
    select distinct
        months.policy_id,
        months.month,
        accounts.account_id,
        accounts.platform
    from months
    inner join {{ ref('dim_policy') }} as policies
        on months.policy_id = policies.policy_id
    inner join {{ ref('dim_account') }} as accounts
        on list_contains(policies.platforms, accounts.platform)
        and accounts.valid_from_date <= months.last_date
        and (accounts.valid_to_date is null or accounts.valid_to_date > months.month)
),

-- What a delivery covers: the account that it names, else those whose own posts it holds, else,
-- where it holds none, the sender's only account.
covering as (
    select
        deliveries.delivery_id,
        deliveries.captured_at,
        deliveries.covers_from_date,
        deliveries.covers_to_date,
        deliveries.is_truncated,
        held.oldest_published_at,
        held.oldest_published_date,
        case
            when senders.is_named then senders.account_id
            -- No record at all is a true zero of its sender.
            when deliveries.loaded_count + deliveries.rejected_count = 0 then senders.account_id
            else held.account_id
        end as account_id
    from {{ ref('stg_deliveries') }} as deliveries
    inner join {{ ref('int_delivery_senders') }} as senders
        on deliveries.delivery_id = senders.delivery_id
    left join (
        select
            delivery_id,
            account_id,
            bool_or(not is_guest) as is_own,
            min(published_at) as oldest_published_at,
            min(published_date) as oldest_published_date
        from {{ ref('int_observations') }}
        where account_id is not null
        group by delivery_id, account_id
    ) as held
        on deliveries.delivery_id = held.delivery_id
        and case
            when senders.is_named then held.account_id = senders.account_id
            else held.is_own
        end
),

judged as (
    select
        registered.policy_id,
        registered.month,
        registered.account_id,
        registered.platform,
        bool_or(
            not covering.is_truncated
            and covering.captured_at >= months.month_ends_at
            and (covering.covers_to_date is null or covering.covers_to_date >= months.last_date)
            and (
                covering.covers_from_date <= months.month
                or covering.oldest_published_at < months.month_starts_at
                or covering.oldest_published_date < months.month
            )
        ) as is_complete,
        bool_or(
            covering.captured_at > months.month_starts_at
            and (covering.covers_from_date is null or covering.covers_from_date <= months.last_date)
            and (covering.covers_to_date is null or covering.covers_to_date >= months.month)
        ) as is_partial
    from registered
    inner join months
        on registered.policy_id = months.policy_id and registered.month = months.month
    left join covering
        on registered.account_id = covering.account_id
        and (months.cutoff_at is null or covering.captured_at <= months.cutoff_at)
    group by registered.policy_id, registered.month, registered.account_id, registered.platform
)

select
    policy_id,
    month,
    account_id,
    platform,
    case
        when is_complete then 'complete'
        when is_partial then 'partial'
        else 'missing'
    end as state
from judged
