{{ config(meta={'dagster': {'ref': {'name': 'int_observations'}}}) }}
-- Every record of a loaded delivery is an observation, and nothing else is: by month of what is
-- rebuilt, and in sum.
select
    coalesce(contents.delivery_id, observed.delivery_id) as delivery_id,
    contents.row_count,
    observed.row_count as observation_count
from (
    select delivery_id, row_month, sum(row_count) as row_count
    from {{ ref('int_delivery_contents') }}
    where row_month in ({{ rebuilt_months() }})
    group by delivery_id, row_month
) as contents
full outer join (
    select delivery_id, row_month, count(*) as row_count
    from {{ ref('int_observations') }}
    where post_month in ({{ rebuilt_months() }})
    group by delivery_id, row_month
) as observed
    on contents.delivery_id = observed.delivery_id and contents.row_month = observed.row_month
where contents.row_count is distinct from observed.row_count

union all

select
    deliveries.delivery_id,
    max(deliveries.loaded_count) as row_count,
    sum(contents.row_count) as observation_count
from {{ ref('stg_deliveries') }} as deliveries
left join {{ ref('int_delivery_contents') }} as contents
    on deliveries.delivery_id = contents.delivery_id
where deliveries.status = 'loaded' and deliveries.holds = 'posts'
group by deliveries.delivery_id
having max(deliveries.loaded_count) <> coalesce(sum(contents.row_count), 0)
