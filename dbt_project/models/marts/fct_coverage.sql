-- Whether the exports of a registered account cover a month, under each policy's zone and cut-off.
with months as (
    select
        months.*,
        {{ add_days(next_month('months.month'), -1) }} as last_date
    from {{ ref('int_policy_months') }} as months
    where months.month between
        (select min(month) from {{ ref('int_post_values') }} where account_id is not null)
        and (select max(month) from {{ ref('int_post_values') }} where account_id is not null)
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

states as (
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
    left join {{ ref('int_delivery_accounts') }} as covering
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
from states
