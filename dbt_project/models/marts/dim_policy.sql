select * from {{ ref('stg_policies') }}
