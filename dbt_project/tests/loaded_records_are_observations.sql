{{ config(meta={'dagster': {'ref': {'name': 'fct_engagement'}}}) }}
-- Every record of a loaded delivery is an observation, and nothing else is.
select
    deliveries.delivery_id,
    coalesce(deliveries.loaded_count, 0) as loaded_count,
    coalesce(observed.observation_count, 0) as observation_count
from (
    select delivery_id, loaded_count from {{ ref('stg_deliveries') }} where status = 'loaded' and holds = 'posts'
) as deliveries
full outer join (
    select delivery_id, count(*) as observation_count
    from {{ ref('fct_engagement') }}
    group by delivery_id
) as observed
    on deliveries.delivery_id = observed.delivery_id
where coalesce(deliveries.loaded_count, 0) <> coalesce(observed.observation_count, 0)
