-- One row per comment, as its last capture tells it, with the post that it answers, and that post's
-- month and office under the policy in force.
with delivered as (
    select
        comments.*,
        row_number() over (
            partition by comments.platform, comments.comment_id
            order by
                deliveries.captured_at desc,
                deliveries.delivery_id desc,
                comments.record_number desc
        ) as position,
        -- Not every response tells whose the post is.
        bool_or(comments.is_by_account) over (
            partition by comments.platform, comments.comment_id
        ) as is_known_by_account
    from {{ ref('stg_comments') }} as comments
    inner join {{ ref('stg_deliveries') }} as deliveries
        on comments.sha256 = deliveries.sha256 and deliveries.status = 'loaded'
),

comments as (
    select
        *,
        -- Where platforms list answers, all of a thread answer its first comment.
        coalesce(parent_comment_id, comment_id) as conversation_id
    from delivered
    where position = 1
),

-- Instagram's API numbers its posts; all else goes by the post's ID.
named_posts as (
    select platform, post_id as named_id, post_number, post_key
    from {{ ref('int_posts') }}
    union all
    select
        platform,
        delivered_post_id as named_id,
        min(post_number) as post_number,
        min_by(post_key, post_number) as post_key
    from {{ ref('int_posts') }}
    where platform = 'instagram' and delivered_post_id <> post_id
    group by platform, delivered_post_id
),

official_posts as (
    select
        post_values.post_number,
        post_values.month,
        post_values.office_id
    from {{ ref('int_post_values') }} as post_values
    inner join {{ ref('int_policy_months') }} as months
        on post_values.policy_id = months.policy_id
        and post_values.month = months.month
        and months.is_official
    where not post_values.is_neighbouring
),

-- When an account last answered in a thread.
answers as (
    select platform, conversation_id, max(published_at) as answered_at
    from comments
    where is_known_by_account and parent_comment_id is not null
    group by platform, conversation_id
)

select
    comments.platform || ':' || comments.comment_id as comment_key,
    comments.platform,
    comments.comment_id,
    named_posts.post_key,
    official_posts.month,
    official_posts.office_id,
    comments.published_at,
    comments.has_text,
    comments.like_count,
    comments.parent_comment_id,
    comments.is_known_by_account as is_by_account,
    -- Unknown where no response tells which comments are the account's.
    case
        when answers.answered_at >= comments.published_at then true
        when comments.is_known_by_account is not null then false
    end as is_answered,
    comments.sha256,
    comments.record_number
from comments
left join named_posts
    on comments.platform = named_posts.platform and comments.post_id = named_posts.named_id
left join official_posts
    on named_posts.post_number = official_posts.post_number
left join answers
    on comments.platform = answers.platform and comments.conversation_id = answers.conversation_id
