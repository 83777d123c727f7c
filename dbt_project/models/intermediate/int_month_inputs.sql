-- What decides each month's posts besides their records, which never change under a delivery: the
-- deliveries that hold some or cover the month by their range, whose they are, the registry's rows
-- of these accounts and offices, the policies and the campaigns. As a fingerprint, and whether it
-- differs from what the last build used.
-- Not in which order captures count: any delivery may change that of all, but not that of any two.
with held as (
    select
        row_month,
        delivery_id,
        sha256,
        captured_at,
        received_at,
        platform,
        platform_account_id,
        account_handle,
        is_guest,
        account_id,
        row_count,
        oldest_published_at,
        oldest_published_date,
        newest_published_at,
        newest_published_date
    from {{ ref('int_delivery_contents') }}
),

registered as (
    select distinct held.row_month, accounts.*
    from held
    inner join {{ ref('stg_accounts') }} as accounts
        on held.account_id = accounts.account_id
),

facts as (
    select row_month, 'held ' || {{ row_text('held') }} as fact
    from held
    union all
    select months.row_month, 'covers ' || {{ row_text('covering') }}
    from (select distinct row_month from held) as months
    inner join {{ ref('int_delivery_accounts') }} as covering
        on covering.covers_from_date < {{ next_month('months.row_month') }}
        and covering.covers_to_date >= months.row_month
    union all
    select row_month, 'account ' || {{ row_text('registered') }}
    from registered
    union all
    select distinct registered.row_month, 'office ' || {{ row_text('offices') }}
    from registered
    inner join {{ ref('stg_offices') }} as offices
        on registered.office_id = offices.office_id
    union all
    select months.row_month, 'policy ' || {{ row_text('policies') }}
    from (select distinct row_month from held) as months
    cross join {{ ref('stg_policies') }} as policies  -- noqa: AL05
    union all
    select months.row_month, 'weights ' || {{ row_text('weights') }}
    from (select distinct row_month from held) as months
    cross join {{ ref('stg_policy_weights') }} as weights  -- noqa: AL05
    union all
    select months.row_month, 'growth ' || {{ row_text('growth') }}
    from (select distinct row_month from held) as months
    cross join {{ ref('stg_policy_growth') }} as growth  -- noqa: AL05
    union all
    -- Also one that is over: its tag is still no misspelling of another.
    select months.row_month, 'campaign ' || {{ row_text('campaigns') }}
    from (select distinct row_month from held) as months
    inner join {{ ref('stg_campaigns') }} as campaigns
        on campaigns.valid_from_date <= {{ next_month('months.row_month') }}
),

inputs as (
    select row_month, {{ dbt.hash(dbt.listagg('fact', 'chr(10)', 'order by fact')) }} as fingerprint
    from facts
    group by row_month
),

counts as (
    select row_month, cast(sum(row_count) as bigint) as row_count
    from held
    group by row_month
)

-- A month of which nothing is left is changed too.
select
    coalesce(inputs.row_month, built.post_month) as row_month,
    inputs.fingerprint,
    coalesce(counts.row_count, 0) as row_count,
    (inputs.fingerprint is distinct from built.fingerprint) as is_changed
from inputs
inner join counts
    on inputs.row_month = counts.row_month
full outer join {{ without_ref('built_months') }} as built
    on inputs.row_month = built.post_month
