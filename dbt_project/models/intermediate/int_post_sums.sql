{{ config(materialized='view') }}
-- The weighted sum of each post's counters at each instant, under each policy.
-- Only observations up to the cut-off and not before publication are used; of these only those that
-- report every weighted component that any of them reports.
with used as (
    select
        posts.policy_id,
        posts.post_key,
        posts.post_month,
        observations.captured_at,
        case when policies.like_weight > 0 then observations.like_count end as likes,
        case when policies.comment_weight > 0 then observations.comment_count end as comments,
        case when policies.share_weight > 0 then observations.share_count end as shares,
        case when policies.save_weight > 0 then observations.save_count end as saves,
        policies.like_weight,
        policies.comment_weight,
        policies.share_weight,
        policies.save_weight
    from {{ ref('int_post_policies') }} as posts
    inner join {{ ref('stg_policies') }} as policies
        on posts.policy_id = policies.policy_id
    inner join {{ ref('int_observations') }} as observations
        on posts.post_key = observations.post_key
        and observations.captured_at >= posts.published_from_at
        and (posts.cutoff_at is null or observations.captured_at <= posts.cutoff_at)
    where
        posts.post_month in ({{ rebuilt() }})
        and observations.post_month in ({{ rebuilt() }})
),

reported as (
    select
        policy_id,
        post_key,
        count(likes) > 0 as has_likes,
        count(comments) > 0 as has_comments,
        count(shares) > 0 as has_shares,
        count(saves) > 0 as has_saves,
        -- A weighted component that nobody ever reported may be any number.
        (min(like_weight) > 0 and count(likes) = 0)
        or (min(comment_weight) > 0 and count(comments) = 0)
        or (min(share_weight) > 0 and count(shares) = 0)
        or (min(save_weight) > 0 and count(saves) = 0) as is_incomplete
    from used
    group by policy_id, post_key
),

sums as (
    select
        used.policy_id,
        used.post_key,
        used.captured_at,
        reported.is_incomplete,
        coalesce(used.likes, 0) * used.like_weight
        + coalesce(used.comments, 0) * used.comment_weight
        + coalesce(used.shares, 0) * used.share_weight
        + coalesce(used.saves, 0) * used.save_weight as engagement
    from used
    inner join reported
        on used.policy_id = reported.policy_id and used.post_key = reported.post_key
    where
        (reported.has_likes or reported.has_comments or reported.has_shares or reported.has_saves)
        and (used.likes is not null or not reported.has_likes)
        and (used.comments is not null or not reported.has_comments)
        and (used.shares is not null or not reported.has_shares)
        and (used.saves is not null or not reported.has_saves)
)

select
    policy_id,
    post_key,
    captured_at,
    bool_or(is_incomplete) as is_incomplete,
    min(engagement) as engagement_low,
    max(engagement) as engagement_high
from sums
group by policy_id, post_key, captured_at
