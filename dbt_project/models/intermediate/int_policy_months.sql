-- The edges of every month in which a post lies, as UTC instants in each policy's zone.
with edges as (
    select
        {{ dbt.date_trunc('month', dbt.dateadd('day', -1, 'min(published_at)')) }} as first_month,
        {{ dbt.date_trunc('month', dbt.dateadd('day', 1, 'max(published_at)')) }} as last_month
    from (
        select coalesce(published_at, published_date) as published_at
        from {{ ref('int_posts') }}
    ) as posts
),

months as (
    select cast(spine.instant as date) as month
    from (
        select {{ spine('first_month', 'last_month', 'month') }} as instant
        from edges
        where first_month is not null
    ) as spine
)

select
    policies.policy_id,
    months.month,
    {{ to_utc(start_of('months.month'), 'policies.time_zone') }} as month_starts_at,
    {{ to_utc(start_of(next_month('months.month')), 'policies.time_zone') }} as month_ends_at,
    {{ to_utc(
        start_of(add_days(next_month('months.month'), 'policies.cutoff_days')), 'policies.time_zone'
    ) }} as cutoff_at,
    policies.effective_from_date <= months.month
    and (policies.effective_to_date is null or months.month < policies.effective_to_date)
        as is_official
from {{ ref('stg_policies') }} as policies
cross join months
