select * from {{ ref('stg_policy_growth') }}
