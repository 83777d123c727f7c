-- The rejected records that no other record is known to stand for, up to the cut-off of each
-- policy's month, and the month in which each may lie: null where nothing tells.
with known as (
    select
        rejects.platform,
        rejects.post_id,
        min(contents.captured_at) as known_at
    from {{ ref('stg_rejects') }} as rejects
    inner join {{ ref('stg_posts') }} as posts
        on rejects.platform = posts.platform
        and (rejects.post_id = posts.post_id or rejects.post_id = posts.delivered_post_id)
    inner join {{ ref('stg_deliveries') }} as contents
        on posts.sha256 = contents.sha256 and contents.status = 'loaded'
    where rejects.post_id is not null
    group by rejects.platform, rejects.post_id
)

select
    policies.policy_id,
    rejects.sha256,
    rejects.record_number,
    {{ month_of(
        'coalesce(cast(' ~ to_local('rejects.published_at', 'policies.time_zone')
        ~ ' as date), rejects.published_date)'
    ) }}
        as month,
    min(known.known_at) as known_at
from {{ ref('stg_rejects') }} as rejects
cross join {{ ref('stg_policies') }} as policies
left join known
    on rejects.platform = known.platform and rejects.post_id = known.post_id
group by
    policies.policy_id,
    policies.time_zone,
    rejects.sha256,
    rejects.record_number,
    rejects.published_at,
    rejects.published_date
