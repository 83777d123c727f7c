{#-
    The materialization `by_month`: a table in which whole months are replaced, some at a time.

    Which months are rebuilt, the warehouse itself says: `int_months` finds them, and `int_batch_months`
    holds them. A model that is materialized by month reads nothing of other months than these:

        where post_month in (select post_month from {{ ref('int_batch_months') }})

    What happens, all in one transaction:

    1. Where there is no such table, or in a full refresh, an empty one is made beside the old one.
    2. The months that are rebuilt are deleted.
    3. They are put into batches of at most so many records; for one batch after the other what the
       model's query gives of its months is inserted, which stand in the query in place of
       `int_batch_months`. So the longest history needs no more memory than the largest batch.
    4. The new table takes the place of the old one.

    Three settings: `unique_key` is the column of the model that holds the month; with
    `meta={'is_batched': false}` all months are one batch, for a model whose rows depend on several;
    with `meta={'looks_back': 5}` a month's rows are made of it and the five before, so that it is
    built anew with any of them; with `'all'` of all before.
-#}

{% materialization by_month, adapter='duckdb' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set is_new = existing is none or not existing.is_table or should_full_refresh() -%}
    {%- set target_table = this.incorporate(type='table') -%}
    {%- set new_table = make_intermediate_relation(target_table) -%}
    {%- set old_table = make_backup_relation(target_table, existing.type if existing else 'table') -%}
    {%- set filled_table = new_table if is_new else target_table -%}
    {%- set looks_back = config.get('meta', {}).get('looks_back') -%}
    {%- set most_records = 1500000 // (1 + looks_back | int) if config.get('meta', {}).get('is_batched', true) -%}
    {%- set batches = month_batches(rebuilt_months(looks_back or 0), most_records) -%}
    {%- set key = config.get('unique_key') -%}

    {#- What an interrupted build may have left. -#}
    {% do drop_relation_if_exists(load_cached_relation(new_table)) %}
    {% do drop_relation_if_exists(load_cached_relation(old_table)) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if is_new %}
        {% call statement('create') -%}
            {{ create_table_as(False, new_table, about_months(compiled_code, [])) }}
        {%- endcall %}
    {%- else %}
        {% do refuse_other_columns(target_table, compiled_code) %}
    {%- endif %}
    {% call statement('main') -%}
        delete from {{ filled_table }}
        where {{ key }} in ({{ months_of('post_month' if looks_back else key, as_rows(batches | sum(start=[]))) }})
    {%- endcall %}

    {%- set columns = get_quoted_csv(adapter.get_columns_in_relation(filled_table) | map(attribute='name')) -%}
    {%- for batch in batches %}
        {% call statement('main') -%}
            {{ insert_into(filled_table, columns, about_months(compiled_code, batch)) }}
        {%- endcall %}
    {%- endfor %}

    {%- if is_new %}
        {%- if existing is not none %}
            {% do adapter.rename_relation(existing, old_table) %}
        {%- endif %}
        {% do adapter.rename_relation(new_table, target_table) %}
    {%- endif %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {% do drop_relation_if_exists(old_table) %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_table]}) }}
{%- endmaterialization %}

{% macro insert_into(table, columns, query) -%}
    insert into {{ table }} ({{ columns }})
    select {{ columns }} from (
        {{ query }}
    ) as batch
{%- endmacro %}

{#- A model's query with these months, as SQL dates, in place of `int_batch_months`. DuckDB lets dates reach the tables
    below joins and views, so that nothing of other months is read, and does not let a sub-query. -#}
{% macro about_months(query, dates) -%}
    {%- set rebuilt = without_ref('int_batch_months') | string -%}
    {{ return(
        query
        | replace("in (select post_month from " ~ rebuilt ~ ")", "in (" ~ (dates | join(', ') or 'null') ~ ")")
        | replace(rebuilt, as_rows(dates))
    ) }}
{%- endmacro %}

{#- SQL dates as the rows of a table of months. -#}
{% macro as_rows(dates) -%}
    {%- if dates -%}
        {{ return("(select " ~ dates | join(" as post_month union all select ") ~ " as post_month)") }}
    {%- endif -%}
    {{ return("(select cast(null as date) as post_month where false)") }}
{%- endmacro %}

{#- The months that are built as SQL dates, in batches of at most so many records, or of one month; all in one
    where no bound is given. -#}
{% macro month_batches(built_months, most_records=none) -%}
    {%- set query -%}
        select post_month, row_count from {{ without_ref('int_months') }}
        where post_month in ({{ built_months }}) order by post_month
    {%- endset -%}
    {%- set batches, room = [], namespace(left=-1) -%}
    {%- for month, record_count in run_query(query).rows -%}
        {%- if not batches or (most_records and record_count > room.left) -%}
            {%- do batches.append([]) -%}
            {%- set room.left = most_records or 0 -%}
        {%- endif -%}
        {%- do batches[-1].append("date '" ~ month ~ "'") -%}
        {%- set room.left = room.left - record_count -%}
    {%- endfor -%}
    {{ return(batches) }}
{%- endmacro %}

{#- A table keeps its columns until a full refresh. -#}
{% macro refuse_other_columns(table, query) -%}
    {%- set has = adapter.get_columns_in_relation(table) | map(attribute='name') | list -%}
    {%- set needs = get_column_schema_from_query(query) | map(attribute='name') | list -%}
    {%- if has | sort != needs | sort -%}
        {% do exceptions.raise_compiler_error(
            "The columns of " ~ table ~ " have changed; build it anew with --full-refresh."
        ) %}
    {%- endif -%}
{%- endmacro %}
