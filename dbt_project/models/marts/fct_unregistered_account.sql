-- Accounts that exports name and the registry does not: their posts are kept and not counted.
select
    platform || ':' || coalesce(platform_account_id, '@' || account_handle, '')
        as unregistered_account_id,
    platform,
    platform_account_id,
    case when platform_account_id is null then account_handle end as account_handle,
    max(account_name) as account_name,
    cast(count(*) as bigint) as post_count,
    min(first_observed_at) as first_observed_at,
    max(last_observed_at) as last_observed_at
from {{ ref('int_posts') }}
where account_id is null
group by
    platform,
    platform_account_id,
    case when platform_account_id is null then account_handle end,
    coalesce(platform_account_id, '@' || account_handle, '')
