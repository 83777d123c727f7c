-- The posts that may be of a neighbouring month, under each policy: those without a time of day on
-- a month's first or last day, of which a part may lie in the month beside. They would count there
-- as on that month's adjacent day.
with edge_days as (
    select
        post_values.policy_id,
        post_values.post_number,
        case
            when post_values.local_date = post_values.month
                then {{ add_days('post_values.local_date', -1) }}
            else {{ add_days('post_values.local_date', 1) }}
        end as adjacent_date,
        post_values.account_id,
        post_values.value_high,
        post_values.value_likely_high
    from {{ ref('int_post_values') }} as post_values
    where post_values.is_month_uncertain
),

placed as (
    select
        edge_days.*,
        {{ month_of('edge_days.adjacent_date') }} as month,
        posts.post_key,
        posts.platform,
        posts.is_reply,
        posts.is_repost,
        posts.is_story,
        posts.is_cross_post,
        coalesce(doubtful.first_seen_at, posts.first_observed_at) as first_seen_at,
        policies.platforms,
        policies.leagues,
        policies.counts_replies,
        policies.counts_reposts,
        policies.counts_stories,
        policies.counts_cross_posts,
        accounts.office_id,
        offices.league
    from edge_days
    inner join {{ ref('int_posts') }} as posts
        on edge_days.post_number = posts.post_number
    inner join {{ ref('stg_policies') }} as policies
        on edge_days.policy_id = policies.policy_id
    left join {{ ref('int_doubtful_posts') }} as doubtful
        on edge_days.policy_id = doubtful.policy_id and edge_days.post_number = doubtful.post_number
    {{ join_office_on('edge_days.account_id', 'edge_days.adjacent_date') }}
)

select
    placed.policy_id,
    placed.month,
    placed.post_number,
    placed.post_key,
    placed.office_id,
    placed.league,
    placed.value_high,
    placed.value_likely_high
from placed
inner join {{ ref('int_policy_months') }} as months
    on placed.policy_id = months.policy_id and placed.month = months.month
where
    {{ counting_reason('placed', 'placed.office_id', 'placed.league', 'months.cutoff_at') }}
    = 'counted'
