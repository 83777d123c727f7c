{{ config(materialized='by_month', unique_key='month', meta={'is_batched': false}) }}
-- How far each office's score of popularity may lie from its estimate: sums, and sums of squares,
-- of how far the value of each of its counted posts may. Posts that were only seen early all err
-- the same way, so they are summed by themselves.
with counted as (
    select
        policy_id,
        month,
        office_id,
        league,
        is_early,
        value_likely_high,
        cast(coalesce(value, 0) - value_likely_low as decimal(38, 0)) as below,
        cast(value_likely_high - coalesce(value, 0) as decimal(38, 0)) as above
    from {{ ref('int_post_values') }}
    where
        not is_neighbouring
        and reason = 'counted'
        and month in ({{ months_of('month', ref('int_batch_months')) }})
)

select
    policy_id,
    month,
    office_id,
    league,
    count(*) > count(value_likely_high) as is_unbounded,
    cast(sum(below) as decimal(38, 0)) as below_sum,
    cast(sum(below * below) as decimal(38, 0)) as below_square_sum,
    cast(coalesce(sum(above) filter (where not is_early), 0) as decimal(38, 0)) as above_sum,
    cast(coalesce(sum(above * above) filter (where not is_early), 0) as decimal(38, 0))
        as above_square_sum,
    cast(coalesce(sum(above) filter (where is_early), 0) as decimal(38, 0)) as early_sum
from counted
group by policy_id, month, office_id, league
