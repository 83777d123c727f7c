{{ config(post_hook="{{ forget_rebuilt() }}") }}
-- Which months are rebuilt: those whose inputs changed, and those to which an ID leads from there,
-- as records bear it now or bore it at the last build. So a post that moves, or that is torn apart
-- or joined, takes every month along in which it has or had a record.
with recursive changed as (
    select row_month as post_month from {{ ref('int_month_inputs') }} where is_changed
),

outside as (
    select platform, row_month, unnest([post_id, other_id]) as any_id
    from {{ other_table('built_ids') }}
    where row_month not in (select post_month from changed)
),

borne as (
    select platform, row_month, unnest([post_id, other_id]) as any_id
    from {{ other_table('built_ids') }}
    union all
    select platform, row_month, unnest([post_id, other_id]) as any_id
    from {{ ref('int_record_ids') }}
    -- Where all is built anew, nothing else can follow.
    where exists (select 1 from outside)
),

reached as (
    select post_month from changed
    union
    select outside.row_month
    from reached
    inner join borne
        on reached.post_month = borne.row_month
    inner join outside
        on borne.platform = outside.platform and borne.any_id = outside.any_id
)

select
    inputs.row_month as post_month,
    inputs.fingerprint,
    inputs.row_count,
    reached.post_month is not null as is_rebuilt
from {{ ref('int_month_inputs') }} as inputs
left join reached
    on inputs.row_month = reached.post_month
