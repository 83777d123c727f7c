{{ config(materialized='view') }}
-- What stands out in counted posts: `int_post_flags` tells how it is found.
select
    policy_id,
    month,
    league,
    office_id,
    account_id,
    flag,
    post_key,
    size,
    earlier_post_key,
    value
from {{ ref('int_post_flags') }}
