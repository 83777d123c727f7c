{#-
    Incremental building: whole months are replaced, whatever the engine, and nothing else is.

    A record lies in the month (UTC) of publication that it tells, its `row_month`; a post in one of
    its records' months, its `post_month`. `int_months` says which months are rebuilt: each with all
    that its posts' records touch, so that a model that is built in months reads and writes only
    these (`rebuilt`). Built is what a run brought to its end without any failure (`keep_built`).
-#}

{% macro get_incremental_replace_months_sql(arg_dict) -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ arg_dict['unique_key'] }} in ({{ rebuilt(arg_dict['unique_key']) }});
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{#- A model that is built in months is built some months at a time, so that the longest history needs
    no more memory than these. Not so where a post's month is only being found out. -#}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
    {%- set parts = [] -%}
    {%- if config.get('unique_key') == 'post_month' and config.get('meta', {}).get('is_by_month', true) -%}
        {%- for months in rebuilt_together() -%}
            {%- do parts.append(compiled_code | replace(rebuilt(), in_words(months))) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set table = relation.include(database=not temporary, schema=not temporary) -%}
    {{ dbt.duckdb__create_table_as(temporary, relation, parts[0] or compiled_code, language, partitioned_by, sorted_by) }};
    {%- for part in parts[1:] %}
    insert into {{ table }} by name {{ part }};
    {%- endfor %}
{%- endmacro %}

{#- The months that are rebuilt, in groups of at most so many records, or of one month. -#}
{% macro rebuilt_together(most=1500000) -%}
    {%- set groups, room = [], namespace(left=-1) -%}
    {%- set months = "select post_month, row_count from " ~ ref('int_months') ~ " where is_rebuilt order by post_month" -%}
    {%- for month, row_count in run_query(months).rows -%}
        {%- if row_count > room.left -%}
            {%- do groups.append([]) -%}
            {%- set room.left = most -%}
        {%- endif -%}
        {%- do groups[-1].append(month) -%}
        {%- set room.left = room.left - row_count -%}
    {%- endfor -%}
    {{ return(groups) }}
{%- endmacro %}

{#- The months that are rebuilt, by what a table calls its month, for `in (…)`: as they are when a model
    is run, so that an engine opens only what lies under them; as a query where it is only compiled. -#}
{% macro rebuilt(key='post_month') -%}
    {#- Only a model may depend on another, and its unit tests give it one. -#}
    {%- set is_model = model is defined and model.resource_type in ['model', 'unit_test'] -%}
    {%- set months = ref('int_months') if is_model else other_table('int_months') -%}
    {%- set query -%}
    select post_month from {{ months }} where is_rebuilt
    {%- if key == 'month' %}
    {#- A policy's month takes posts of the months before and after, for no zone is a day away. #}
    union
    select {{ next_month('post_month') }} from {{ months }} where is_rebuilt
    union
    select {{ previous_month('post_month') }} from {{ months }} where is_rebuilt
    {%- endif -%}
    {%- endset -%}
    {%- set is_run = execute and flags.WHICH in ['build', 'run', 'test'] and model.resource_type != 'unit_test' -%}
    {{ in_words(run_query(query ~ ' order by post_month').columns[0].values()) if is_run else query }}
{%- endmacro %}

{% macro in_words(months) -%}
    {%- for month in months -%}date '{{ month }}'{{ ", " if not loop.last }}{%- else -%}cast(null as date){%- endfor -%}
{%- endmacro %}

{#- What a data test looks at: of a table with months those that are rebuilt. All others passed when
    they were, else they would be rebuilt now. -#}
{% macro get_where_subquery(relation) -%}
    {%- set nodes = graph.nodes.values() if execute else [] -%}
    {%- set tested = nodes | selectattr('name', 'equalto', relation.identifier) | first -%}
    {%- if tested and 'post_month' in tested.columns -%}
        (select * from {{ relation }} where post_month in ({{ rebuilt() }})) as rebuilt_rows
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#- A table of this warehouse as it stands, without a dependency: the past is no cycle. -#}
{% macro other_table(name) -%}
    {{ target.database }}.{{ target.schema }}.{{ name }}
{%- endmacro %}

{#- What the build remembers of the last one, nothing before the first or in a full refresh: which
    months are built, by which inputs and by which run, and which IDs their records bear. -#}
{% macro prepare_past() -%}
    {% if flags.FULL_REFRESH -%}
    drop table if exists {{ other_table('built_months') }};
    drop table if exists {{ other_table('built_ids') }};
    {%- endif %}
    create table if not exists {{ other_table('built_months') }} (
        post_month date, fingerprint varchar, built_by varchar
    );
    create table if not exists {{ other_table('built_ids') }} (
        row_month date, platform varchar, post_id varchar, other_id varchar, lone_id varchar,
        publication_order bigint
    );
{%- endmacro %}

{#- From when a month is rebuilt until the run's end, it counts as not built. -#}
{% macro forget_rebuilt() -%}
    delete from {{ other_table('built_months') }}
    where post_month in (select post_month from {{ other_table('int_months') }} where is_rebuilt)
{%- endmacro %}

{#- Called at a run's end: months are built when every model was, and no test failed. When it is
    only compiled, nothing ran and it shows what it would do. -#}
{% macro keep_built(results) -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'compile'] -%}
        {%- set ran = results or [] -%}
        {%- set built = ran | map(attribute='node.unique_id') | list -%}
        {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') -%}
        {%- set missed = models | map(attribute='unique_id') | reject('in', built) | list -%}
        {%- set failed = ran | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list -%}
        {%- if flags.WHICH == 'compile' or (not missed and not failed) -%}
            {{ remember() }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro remember() -%}
    delete from {{ other_table('built_ids') }}
    where row_month in (select row_month from {{ other_table('int_month_inputs') }} where is_changed);
    insert into {{ other_table('built_ids') }} by name from {{ other_table('int_record_ids') }};
    insert into {{ other_table('built_months') }}
    select post_month, fingerprint, '{{ invocation_id }}'
    from {{ other_table('int_months') }}
    where is_rebuilt and fingerprint is not null
{%- endmacro %}
