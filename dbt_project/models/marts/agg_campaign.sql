{{ config(materialized='by_month', unique_key='month', meta={'is_batched': false}) }}
-- How many posts of each office and platform carry what a campaign asks for, and how.
select
    posts.month,
    findings.campaign_id,
    campaigns.hashtag,
    campaigns.keyword,
    posts.policy_id,
    posts.league,
    posts.office_id,
    posts.platform,
    findings.finding,
    cast(count(*) as bigint) as post_count
from {{ ref('int_campaign_findings') }} as findings
inner join {{ ref('int_post_values') }} as posts
    on findings.post_policy_number = posts.post_policy_number
    and findings.post_month = posts.post_month
inner join {{ ref('stg_campaigns') }} as campaigns
    on findings.campaign_id = campaigns.campaign_id
where posts.month in ({{ months_of('month', ref('int_batch_months')) }})
group by
    posts.month,
    findings.campaign_id,
    campaigns.hashtag,
    campaigns.keyword,
    posts.policy_id,
    posts.league,
    posts.office_id,
    posts.platform,
    findings.finding
