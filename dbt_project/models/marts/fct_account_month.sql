{{ config(materialized='by_month', unique_key='month', meta={'is_batched': false}) }}
-- What each account's counted posts of a month add up to, under each policy. Posts have the grade
-- of their weakest component; a value counts under each component's own. A policy's month has posts
-- of several months of publication.
{% set grades = ['exact', 'interpolated', 'late', 'early'] %}
select
    policy_id,
    month,
    office_id,
    league,
    account_id,
    max(platform) as platform,
    cast(count(*) filter (where reason = 'counted') as bigint) as post_count,
    cast(count(*) filter (where reason = 'counted' and is_month_uncertain) as bigint)
        as uncertain_post_count,
    cast(count(*) filter (where reason <> 'counted') as bigint) as uncounted_post_count,
    cast(coalesce(sum(value) filter (where reason = 'counted'), 0) as bigint) as value,
    cast(
        coalesce(sum(value_low) filter (where reason = 'counted' and not is_month_uncertain), 0)
        as bigint
    ) as value_low,
    cast(
        case
            when count(*) filter (where reason = 'counted' and value_high is null) = 0
                then coalesce(sum(value_high) filter (where reason = 'counted'), 0)
        end as bigint
    ) as value_high,
    cast(coalesce(max(value) filter (where reason = 'counted'), 0) as bigint) as best_value,
    {%- for grade in grades + ['none'] %}
    cast(count(*) filter (where reason = 'counted' and grade = '{{ grade }}') as bigint)
        as {{ grade }}_post_count,
    {%- if grade == 'none' %}
    cast(0 as bigint) as none_value,
    {%- else %}
    cast(coalesce(sum({{ grade }}_value) filter (where reason = 'counted'), 0) as bigint)
        as {{ grade }}_value,
    {%- endif %}
    {%- endfor %}
    cast(coalesce(sum(component_count) filter (where reason = 'counted'), 0) as bigint)
        as component_count,
    cast(coalesce(sum(sound_component_count) filter (where reason = 'counted'), 0) as bigint)
        as sound_component_count
from {{ ref('int_post_values') }}
where
    not is_neighbouring
    and office_id is not null
    and league is not null
    and month in ({{ months_of('month', ref('int_batch_months')) }})
group by policy_id, month, office_id, league, account_id
