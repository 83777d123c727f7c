{#-
    Months are the unit of building: whole months are replaced, and nothing else is.

    A record lies in the month (UTC) of publication that it names, its `row_month`; a post in one of
    its records' months, its `post_month`. `int_months` says which months are rebuilt: each with all
    that its posts' records touch. `by_month` builds them (`materializations/by_month.sql`).
-#}

{#- The months that rows have in such a column, where posts have their `post_month` in a table of
    months. A policy's month takes posts of the months before and after, for no zone is a day away. -#}
{% macro months_of(column, months) -%}
    select post_month from {{ months }}
    {%- if column == 'month' %}
    union
    select {{ next_month('post_month') }} from {{ months }}
    union
    select {{ previous_month('post_month') }} from {{ months }}
    {%- endif %}
{%- endmacro %}

{#- The months of `changed`, and all that can be reached from them over `outside` months that have an ID
    that is `known` of a month that was reached (`int_months`). -#}
{% macro reached_months() %}{{ return(adapter.dispatch('reached_months')()) }}{% endmacro %}
{% macro default__reached_months() -%}
    select post_month from changed
    union
    select outside.row_month
    from reached
    inner join known
        on reached.post_month = known.row_month
    inner join outside
        on known.platform = outside.platform and known.any_id = outside.any_id
{%- endmacro %}

{#- The months that are rebuilt, for data tests, which depend on what they test and on nothing else. Of a
    model whose months look back at others: also those that look at a month that is rebuilt. -#}
{% macro rebuilt_months(looks_back=0) -%}
    select post_month from {{ without_ref('int_months') }}
    {%- if looks_back %} as months
    where exists (
        select 1 from {{ without_ref('int_months') }} as others
        where others.is_rebuilt
            and others.post_month <= months.post_month
            {%- if looks_back != 'all' %}
            and others.post_month >= {{ add_months('months.post_month', -looks_back) }}
            {%- endif %}
    )
    {%- else %} where is_rebuilt
    {%- endif -%}
{%- endmacro %}

{#- What a data test looks at (dbt asks for it): of a table with months those that are rebuilt. All
    others passed when they were, else they would be rebuilt now. Of a view they are spelled out, as in
    `about_months`, where there is a warehouse to ask. -#}
{% macro get_where_subquery(relation) -%}
    {%- set nodes = graph.nodes.values() if execute else [] -%}
    {%- set tested = nodes | selectattr('name', 'equalto', relation.identifier) | first -%}
    {%- if tested and 'post_month' in tested.columns -%}
        {%- set months = rebuilt_months() -%}
        {%- if tested.config.materialized == 'view' and flags.WHICH in ['build', 'test'] -%}
            {%- set dates = run_query(months).columns[0].values() -%}
            {%- set months = "date '" ~ dates | join("', date '") ~ "'" if dates else 'null' -%}
        {%- endif -%}
        (select * from {{ relation }} where post_month in ({{ months }})) as rebuilt_rows
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#- A table of this warehouse as it stands, without depending on it. -#}
{% macro without_ref(name) -%}
    {{ api.Relation.create(database=target.database or none, schema=target.schema, identifier=name) }}
{%- endmacro %}
