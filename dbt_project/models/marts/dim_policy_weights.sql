select * from {{ ref('stg_policy_weights') }}
