{{ config(materialized='view') }}
-- Each post that a campaign asks to carry its hashtag or keyword, and how it does.
select
    findings.campaign_id || '|' || posts.post_key as post_campaign_id,
    findings.campaign_id,
    post_values.policy_id,
    post_values.month,
    findings.post_month,
    posts.post_key,
    posts.platform,
    post_values.local_date,
    post_values.account_id,
    post_values.office_id,
    post_values.league,
    findings.finding
from {{ ref('int_campaign_findings') }} as findings
inner join {{ ref('int_post_values') }} as post_values
    on findings.post_policy_number = post_values.post_policy_number
    and findings.post_month = post_values.post_month
inner join {{ ref('int_posts') }} as posts
    on post_values.post_number = posts.post_number and post_values.post_month = posts.post_month
