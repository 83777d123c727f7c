-- The months that are rebuilt, for the models that are built by month: in their queries the months
-- of one batch after the other take this table's place (`macros/materializations/by_month.sql`).
select post_month
from {{ ref('int_months') }}
where is_rebuilt
