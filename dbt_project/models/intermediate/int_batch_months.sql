-- The months that are being built: all that are rebuilt; while a model is built by month, those of
-- one batch after the other (`macros/materializations/by_month.sql`).
select post_month
from {{ ref('int_months') }}
where is_rebuilt
