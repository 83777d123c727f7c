-- The deliveries whose capture time can't be true, under each policy: they hold a record that was
-- published more than 15 minutes after it. A day without a time begins at its midnight in the
-- policy's zone.
with newest as (
    select
        delivery_id,
        min(captured_at) as captured_at,
        max(newest_published_at) as newest_published_at,
        max(newest_published_date) as newest_published_date
    from {{ ref('int_delivery_contents') }}
    group by delivery_id
)

select
    policies.policy_id,
    newest.delivery_id
from newest
cross join {{ ref('stg_policies') }} as policies
where
    newest.newest_published_at > {{ dbt.dateadd('minute', 15, 'newest.captured_at') }}
    or {{ to_utc('cast(newest.newest_published_date as timestamp)', 'policies.time_zone') }}
    > {{ dbt.dateadd('minute', 15, 'newest.captured_at') }}
