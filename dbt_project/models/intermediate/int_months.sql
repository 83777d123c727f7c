{{ config(post_hook="{{ forget_rebuilt_months() }}") }}
-- Which months are rebuilt: those whose inputs changed, and those that share an ID with them, in
-- the records of now or of the last build. So a post that moves to another month, that becomes two
-- or that turns out to be another post takes every month along in which it has or had a record.
with recursive changed as (
    select row_month as post_month from {{ ref('int_month_inputs') }} where is_changed
),

-- The IDs of months that did not change.
outside as (
    select platform, row_month, {{ each_of(['post_id', 'alias_id']) }} as any_id
    from {{ without_ref('built_ids') }}
    where row_month not in (select post_month from changed)
),

known as (
    select platform, row_month, {{ each_of(['post_id', 'alias_id']) }} as any_id
    from {{ without_ref('built_ids') }}
    union all
    select platform, row_month, {{ each_of(['post_id', 'alias_id']) }} as any_id
    from {{ ref('int_record_ids') }}
    -- Where all is built anew, nothing else can follow.
    where exists (select 1 from outside)
),

reached as (
    {{ reached_months() }}
)

select
    inputs.row_month as post_month,
    inputs.fingerprint,
    inputs.row_count,
    reached.post_month is not null as is_rebuilt
from {{ ref('int_month_inputs') }} as inputs
left join reached
    on inputs.row_month = reached.post_month
