-- When the posts of disproved deliveries were first seen, under each policy: in such a delivery at
-- its receipt, in any other at its capture.
with doubtful as (
    select distinct
        disproved.policy_id,
        observations.post_number,
        observations.post_month
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_disproved_deliveries') }} as disproved
        on observations.delivery_id = disproved.delivery_id
)

select
    doubtful.policy_id,
    doubtful.post_number,
    min(
        case
            when disproved.delivery_id is null then observations.captured_at
            else deliveries.received_at
        end
    ) as first_seen_at
from doubtful
inner join {{ ref('int_observations') }} as observations
    on doubtful.post_number = observations.post_number
    and doubtful.post_month = observations.post_month
inner join {{ ref('stg_deliveries') }} as deliveries
    on observations.delivery_id = deliveries.delivery_id
left join {{ ref('int_disproved_deliveries') }} as disproved
    on doubtful.policy_id = disproved.policy_id
    and observations.delivery_id = disproved.delivery_id
group by doubtful.policy_id, doubtful.post_number
