{#-
    What a build leaves for the next one, in three tables of the warehouse that are no models:

    - `built_months`: which months are built, from which inputs and by which run,
    - `built_ids`: which IDs the records of these months give their posts,
    - `kept_months`: which builds of months the last finished state holds, once it is copied.

    A month is built when a run came to its end without any failure. A full refresh begins without all.
-#}

{#- Before the first model. -#}
{% macro prepare_build_state() %}{{ return(adapter.dispatch('prepare_build_state')()) }}{% endmacro %}
{% macro default__prepare_build_state() -%}
    {% if flags.FULL_REFRESH -%}
    drop table if exists {{ without_ref('built_months') }};
    drop table if exists {{ without_ref('built_ids') }};
    drop table if exists {{ without_ref('kept_months') }};
    {%- endif %}
    create table if not exists {{ without_ref('built_months') }} (
        post_month date, fingerprint varchar, built_by varchar
    );
    create table if not exists {{ without_ref('built_ids') }} (
        row_month date, platform varchar, post_id varchar, alias_id varchar, is_alias_only boolean,
        publication_order bigint
    );
    create table if not exists {{ without_ref('kept_months') }} (
        state varchar, post_month date, built_by varchar
    );
{%- endmacro %}

{#- Once it is known which months are rebuilt: they count as not built until the run's end. -#}
{% macro forget_rebuilt_months() %}{{ return(adapter.dispatch('forget_rebuilt_months')()) }}{% endmacro %}
{% macro default__forget_rebuilt_months() -%}
    delete from {{ without_ref('built_months') }} where post_month in ({{ rebuilt_months() }})
{%- endmacro %}

{#- At the run's end: months are built when every model was, but for reports, which hold nothing, and no
    test failed. When it is only compiled, nothing ran and it shows what it would do. -#}
{% macro record_built_months(results) -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'compile'] -%}
        {%- set ran = results or [] -%}
        {%- set built = ran | map(attribute='node.unique_id') | list -%}
        {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') -%}
        {%- set needed = models | rejectattr('fqn.1', 'equalto', 'reports') -%}
        {%- set missed = needed | map(attribute='unique_id') | reject('in', built) | list -%}
        {%- set failed = ran | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list -%}
        {%- if flags.WHICH == 'compile' or (not missed and not failed) -%}
            {{ insert_built_months() }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro insert_built_months() %}{{ return(adapter.dispatch('insert_built_months')()) }}{% endmacro %}
{% macro default__insert_built_months() -%}
    delete from {{ without_ref('built_ids') }}
    where row_month in (select row_month from {{ without_ref('int_month_inputs') }} where is_changed);
    insert into {{ without_ref('built_ids') }} by name from {{ without_ref('int_record_ids') }};
    insert into {{ without_ref('built_months') }}
    select post_month, fingerprint, '{{ invocation_id }}'
    from {{ without_ref('int_months') }}
    where is_rebuilt and fingerprint is not null
{%- endmacro %}
