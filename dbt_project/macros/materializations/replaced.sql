{#-
    The materializations `table` and `view` on DuckDB: what there was is dropped and made anew, in one
    transaction. If that fails, what there was stays.

    dbt-duckdb's own make the new one beside the old one, rename both and drop the old one, and look for
    indexes, foreign keys and grants meanwhile, of which there are none here: five statements more with
    each model. Nobody reads this warehouse while it is built.

    What does not belong here: tables that are replaced by month (`by_month.sql`), and what stands in a
    table.
-#}

{% materialization table, adapter='duckdb' -%}
    {{ return(replaced('table')) }}
{%- endmaterialization %}

{% materialization view, adapter='duckdb' -%}
    {{ return(replaced('view')) }}
{%- endmaterialization %}

{% macro replaced(type) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set relation = this.incorporate(type=type) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        {%- if existing is not none %}
            drop {{ existing.type }} {{ existing }};
        {%- endif %}
        {{ create_table_as(False, relation, compiled_code) if type == 'table' else create_view_as(relation, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [relation]}) }}
{%- endmacro %}
