-- What decides each month's posts, as a fingerprint, and whether it differs from what the last
-- build used: the deliveries that hold rows of the month or cover it by their range, the rows of
-- the registry that can concern them, the policies, and the version of the reading code.
with held as (
    select distinct
        row_month as post_month,
        delivery_id,
        sha256,
        platform,
        platform_account_id,
        account_handle
    from {{ ref('int_delivery_contents') }}
),

months as (
    select distinct post_month from held
),

speaking as (
    select post_month, delivery_id from held
    union
    select months.post_month, deliveries.delivery_id
    from months
    inner join {{ ref('stg_deliveries') }} as deliveries
        on deliveries.covers_from_date < {{ next_month('months.post_month') }}
        and deliveries.covers_to_date >= months.post_month
    where deliveries.status = 'loaded' and deliveries.holds = 'posts'
),

told as (
    select speaking.post_month, deliveries.*, files.reader
    from speaking
    inner join {{ ref('stg_deliveries') }} as deliveries
        on speaking.delivery_id = deliveries.delivery_id
    inner join {{ ref('stg_files') }} as files
        on deliveries.sha256 = files.sha256
),

-- Accounts that a row of the month could be of, whatever the dates.
possible as (
    select held.post_month, accounts.account_id
    from held
    inner join {{ ref('stg_accounts') }} as accounts
        on held.platform = accounts.platform and held.platform_account_id = accounts.platform_account_id
    union
    select held.post_month, accounts.account_id
    from held
    inner join {{ ref('stg_accounts') }} as accounts
        on held.platform = accounts.platform and held.account_handle = accounts.handle
    union
    select told.post_month, accounts.account_id
    from told
    inner join {{ ref('stg_accounts') }} as accounts
        on told.claimed_office_id = accounts.office_id
    union
    select post_month, claimed_account_id
    from told
    where claimed_account_id is not null
),

registered as (
    select possible.post_month, accounts.*
    from possible
    inner join {{ ref('stg_accounts') }} as accounts
        on possible.account_id = accounts.account_id
),

facts as (
    select
        post_month,
        concat_ws(
            '|', 'delivery', delivery_id, reader, kind, coalesce(cast(covers_from_date as varchar), '-'),
            coalesce(cast(covers_to_date as varchar), '-'), is_truncated, rejected_count, covers_posts
        ) as fact
    from told
    union all
    select
        post_month,
        concat_ws(
            '|', 'account', account_id, office_id, platform, coalesce(platform_account_id, '-'),
            coalesce(handle, '-'), valid_from_date, coalesce(cast(valid_to_date as varchar), '-')
        ) as fact
    from registered
    union
    select
        registered.post_month,
        concat_ws(
            '|', 'office', offices.office_id, offices.league, offices.valid_from_date,
            coalesce(cast(offices.valid_to_date as varchar), '-')
        ) as fact
    from registered
    inner join {{ ref('stg_offices') }} as offices
        on registered.office_id = offices.office_id
    union all
    select months.post_month, concat_ws('|', 'policy', policies.policy_id, policies.policy_sha256) as fact
    from months
    cross join {{ ref('stg_policies') }} as policies
),

inputs as (
    select post_month, {{ fingerprint('fact') }} as fingerprint
    from facts
    group by post_month
)

-- A month of which nothing is left is changed too.
select
    coalesce(inputs.post_month, built.post_month) as post_month,
    inputs.fingerprint,
    inputs.fingerprint is distinct from built.fingerprint as is_changed
from inputs
full outer join {{ other_table('int_built_months') }} as built
    on inputs.post_month = built.post_month
