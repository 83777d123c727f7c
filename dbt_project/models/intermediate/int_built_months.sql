{{ config(materialized='incremental', incremental_strategy='replace_months', unique_key='post_month') }}
-- The months as they were last built: by which inputs, and by which build. It comes after all models
-- that are built in months, so a build that fails leaves what it began as not built.
-- depends_on: {{ ref('fct_engagement') }}, {{ ref('fct_post_month') }}, {{ ref('fct_flag') }}
-- depends_on: {{ ref('fct_account_month') }}, {{ ref('dim_post') }}
select
    post_month,
    fingerprint,
    '{{ var("built_by", "") }}' as built_by
from {{ ref('int_months') }}
where is_rebuilt and fingerprint is not null
