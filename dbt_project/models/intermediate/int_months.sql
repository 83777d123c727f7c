{{ config(
    post_hook="delete from " ~ other_table('int_built_months')
    ~ " where post_month in (select post_month from " ~ this ~ " where is_rebuilt)"
) }}
-- Which months are rebuilt: those whose inputs changed, and those into or out of which one of their
-- posts may have moved. Read are also the months in which a post of theirs has further records.
-- What is rebuilt counts as not built until all models are.
with recursive changed as (
    select post_month from {{ ref('int_month_inputs') }} where is_changed
),

-- Posts with records in several months, some of them changed, as the last build knew them.
moved as (
    select *
    from {{ other_table('int_straddling_posts') }}
    where post_key in (
        select post_key
        from {{ other_table('int_straddling_posts') }}
        where row_month in (select post_month from changed)
    )
),

changed_ids as (
    {{ ids_in('changed') }}
    union all
    select platform, unnest([post_id, other_id]) as any_id from moved
),

{{ reached_from('moving', 'changed_ids', 'changed') }},

rebuilt as (
    select post_month from changed
    union
    select row_month from moved
    union
    select post_month from moving_months
),

rebuilt_ids as (
    {{ ids_in('rebuilt') }}
),

{{ reached_from('linked', 'rebuilt_ids', 'rebuilt') }},

inputs as (
    select post_month, fingerprint, is_changed from {{ ref('int_month_inputs') }}
)

select
    inputs.post_month,
    inputs.fingerprint,
    inputs.is_changed,
    rebuilt.post_month is not null as is_rebuilt,
    rebuilt.post_month is not null or linked_months.post_month is not null as is_read
from inputs
left join rebuilt
    on inputs.post_month = rebuilt.post_month
left join linked_months
    on inputs.post_month = linked_months.post_month
