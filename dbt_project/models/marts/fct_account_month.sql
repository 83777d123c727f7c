{{ config(materialized='by_month', unique_key='month', meta={'is_batched': false}) }}
-- What each account's counted posts of a month add up to, under each policy. A policy's month has
-- posts of several months of publication.
select
    policy_id,
    month,
    office_id,
    league,
    account_id,
    max(platform) as platform,
    cast(count(*) filter (where is_counted) as bigint) as post_count,
    cast(count(*) filter (where is_counted and is_month_uncertain) as bigint)
        as uncertain_post_count,
    cast(count(*) filter (where not is_counted) as bigint) as uncounted_post_count,
    cast(coalesce(sum(value) filter (where is_counted), 0) as bigint) as value,
    cast(coalesce(sum(value_low) filter (where is_counted), 0) as bigint) as value_low,
    cast(
        case
            when count(*) filter (where is_counted and value_high is null) = 0
                then coalesce(sum(value_high) filter (where is_counted), 0)
        end as bigint
    ) as value_high,
    cast(coalesce(max(value) filter (where is_counted), 0) as bigint) as best_value,
    {% for grade in ['exact', 'interpolated', 'late', 'early', 'none'] %}
    cast(count(*) filter (where is_counted and grade = '{{ grade }}') as bigint)
        as {{ grade }}_post_count,
    cast(coalesce(sum(value) filter (where is_counted and grade = '{{ grade }}'), 0) as bigint)
        as {{ grade }}_value
    {{- "," if not loop.last }}
    {% endfor %}
from {{ ref('fct_post_month') }}
where
    office_id is not null
    and league is not null
    and month in ({{ months_of('month', ref('int_batch_months')) }})
group by policy_id, month, office_id, league, account_id
