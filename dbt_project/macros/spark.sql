{#-
    How Apache Spark says what `engine.sql`, `captions.sql` and `build_state.sql` name, and what of dbt's own
    macros for Spark does not serve here. `docs/scale.md` tells when it is needed, `make spark-check` compares
    it with DuckDB value by value.

    It is asked for by these settings of a session (`bench/spark/session.py`): UTC; ANSI, so that a number
    without room is an error and never another number; timestamps without a zone; and strings in which a
    backslash is a backslash.

    What belongs here: all that is only Spark's. What does not: names that both engines know (`engine.sql`).
-#}

{% macro spark__to_local(instant, zone) %}convert_timezone('UTC', {{ zone }}, {{ instant }}){% endmacro %}

{% macro spark__to_utc(wall, zone) %}convert_timezone({{ zone }}, 'UTC', {{ wall }}){% endmacro %}

{% macro spark__microseconds(instant) %}unix_micros(cast({{ instant }} as timestamp_ltz)){% endmacro %}

{% macro spark__type_whole() %}decimal(38, 0){% endmacro %}

{#- Spark keeps nothing between the steps of a query unless it is told to. -#}
{% macro spark__materialized() %}{% endmacro %}

{% macro spark__not_materialized() %}{% endmacro %}

{% macro spark__each_of(columns) %}explode(array({{ columns | join(', ') }})){% endmacro %}

{% macro spark__rows_of(list) %}explode({{ list }}){% endmacro %}

{% macro spark__weekday(date) %}(weekday({{ date }}) + 1){% endmacro %}

{% macro spark__row_text(table) %}to_json(struct({{ table }}.*)){% endmacro %}

{#- `div` divides decimals of 38 digits too, and refuses a quotient of more than 64 bits. -#}
{% macro spark__quotient(dividend, divisor) %}(({{ dividend }}) div nullif({{ divisor }}, 0)){% endmacro %}

{% macro spark__floor_divide(dividend, divisor) -%}
    ((({{ dividend }}) div nullif({{ divisor }}, 0))
        - case when ({{ dividend }}) % nullif({{ divisor }}, 0) < 0 then 1 else 0 end)
{%- endmacro %}

{% macro spark__spine(start, stop, step) -%}
    explode(sequence(cast({{ start }} as date), cast({{ stop }} as date), interval 1 {{ step }}))
{%- endmacro %}

{% macro spark__whole_square_root(number) -%}
    transform(
        array(cast({{ number }} as decimal(38, 0))),
        n -> case
            when n <= 0 then cast(0 as bigint)
            else transform(
                array(
                    (cast(sqrt(n) as decimal(20, 0)) + n div cast(sqrt(n) as decimal(20, 0))) div 2
                ),
                root -> root - case
                    when cast(root as decimal(19, 0)) * cast(root as decimal(19, 0)) > n then 1 else 0
                end
            )[0]
        end
    )[0]
{%- endmacro %}

{#- Windows with an edge have no median here, lists have. -#}
{% macro spark__median_over(number, window) -%}
    {{ median_of_list("array_sort(collect_list(" ~ number ~ ") over " ~ window ~ ")") }}
{%- endmacro %}

{% macro spark__median_of(number) -%}
    {{ median_of_list("array_sort(collect_list(" ~ number ~ "))") }}
{%- endmacro %}

{#- Of an even number the middle between two, of none null. -#}
{% macro median_of_list(list) -%}
    transform(
        array({{ list }}),
        ordered -> case
            when size(ordered) % 2 = 1 then ordered[cast(size(ordered) div 2 as int)]
            when size(ordered) > 0 then
                ordered[cast(size(ordered) div 2 - 1 as int)]
                + (
                    ordered[cast(size(ordered) div 2 as int)]
                    - ordered[cast(size(ordered) div 2 - 1 as int)]
                ) * 0.5D
        end
    )[0]
{%- endmacro %}

{% macro spark__matches(text, pattern) %}({{ text }} rlike {{ pattern }}){% endmacro %}

{% macro spark__replace_matches(text, pattern, other) %}regexp_replace({{ text }}, {{ pattern }}, {{ other }}){% endmacro %}

{% macro spark__split_text(text, sign) %}split({{ text }}, '{{ sign }}'){% endmacro %}

{#- Java makes two characters of the one, and another of the other at the end of a word. -#}
{% macro spark__small_letters(text) %}lower(translate({{ text }}, 'İΣ', 'iσ')){% endmacro %}

{#- Of ICU's library, which Spark carries: there is no function for it. -#}
{% macro spark__composed(text) -%}
    reflect('com.ibm.icu.text.Normalizer', 'compose', {{ text }}, false)
{%- endmacro %}

{% macro spark__without_accents(text) -%}
    {{ composed("regexp_replace(reflect('com.ibm.icu.text.Normalizer', 'decompose', " ~ text ~ ", false), '\\p{M}', '')") }}
{%- endmacro %}

{#- `chr` knows 256 characters here, so they stand as themselves. -#}
{% macro spark__characters_between(first, last) -%}
    '{%- for code in range(first, last + 1) %}{{ '%c' | format(code) }}{% endfor -%}'
{%- endmacro %}

{% macro spark__any_case_of_unicode() %}u{% endmacro %}

{% macro spark__end_of_word() %}(?![0-9A-Za-z_]){% endmacro %}

{% macro spark__hashtag_runs(text) -%}
    regexp_extract_all({{ text }}, '[\p{L}\p{M}\p{N}_&]?(?:#[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)+', 0)
{%- endmacro %}

{% macro spark__tags_of_run(run) %}slice(split({{ run }}, '#'), 2, 100000){% endmacro %}

{% macro spark__words_in_a_row(words, count) -%}
    transform(
        array({{ words }}),
        words -> case
            when size(words) >= {{ count }} then transform(
                sequence(1, size(words) - {{ count }} + 1),
                first -> array_join(slice(words, first, {{ count }}), '')
            )
        end
    )[0]
{%- endmacro %}

{#- A function of the session: Spark's own `levenshtein` knows no swapped letters. -#}
{% macro spark__edit_count(text, other) %}edit_count({{ text }}, {{ other }}){% endmacro %}

{% macro spark__letters_apart(word) %}regexp_replace({{ word }}, '(.)', '$1 ?'){% endmacro %}

{#- dbt's own go by timestamps with a zone, and leave out the order. -#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, cast({{ interval }} as int), cast({{ from_date_or_timestamp }} as timestamp))
{%- endmacro %}

{% macro spark__datediff(first_date, second_date, datepart) -%}
    timestampdiff(
        {{ datepart }}, cast({{ first_date }} as timestamp_ltz), cast({{ second_date }} as timestamp_ltz)
    )
{%- endmacro %}

{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    listagg({{ measure }}, {{ delimiter_text }}) within group ({{ order_by_clause }})
{%- endmacro %}

{#- A contract's types as Spark names them. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    {%- set types = {'varchar': 'string', 'varchar[]': 'array<string>'} -%}
    select
    {%- for column in columns.values() %}
        cast(null as {{ types.get(column['data_type'], column['data_type']) }}) as {{ column['name'] }}
        {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Parquet knows no constraints; DuckDB holds them of the same data, and `make spark-check` compares. -#}
{% macro spark__persist_constraints(relation, model) %}{% endmacro %}

{#- No recursion here goes on with new rows only. So the steps from month to month are found first, and
    then followed as often as there are any. -#}
{% macro spark__reached_months() -%}
    select explode(aggregate(
        sequence(0, size(steps)),
        starts,
        (found, round) -> array_union(
            found,
            transform(
                filter(steps, step -> array_contains(found, step.from_month)), step -> step.to_month
            )
        )
    )) as post_month
    from (select collect_set(post_month) as starts from changed) as all_starts
    cross join (
        select collect_set(struct(known.row_month as from_month, outside.row_month as to_month)) as steps
        from known
        inner join outside
            on known.platform = outside.platform and known.any_id = outside.any_id
        where known.row_month <> outside.row_month
    ) as all_steps
{%- endmacro %}

{#- The lake's tables as views of its files, and the state of the last build. -#}
{% macro spark__prepare_build_state() -%}
    {%- if execute and flags.WHICH in ['run', 'build'] -%}
        {% do run_query("create schema if not exists lake") %}
        {%- for source in graph.sources.values() %}
            {%- set location = source.meta.get('external_location') or source.source_meta.get('external_location') -%}
            {#- The folder, where DuckDB is given a pattern of its files. -#}
            {%- set path = (location | replace('{name}', source.name)).split("'")[1].split('/*')[0] -%}
            {% do run_query("create or replace view lake." ~ source.name ~ " as select * from parquet.`" ~ path ~ "`") %}
        {%- endfor %}
        {%- for name, columns in {
            'built_months': 'post_month date, fingerprint string, built_by string',
            'built_ids': 'row_month date, platform string, post_id string, alias_id string,'
                ~ ' is_alias_only boolean, publication_order bigint',
        }.items() %}
            {%- if flags.FULL_REFRESH %}
                {% do run_query("drop table if exists " ~ without_ref(name)) %}
            {%- endif %}
            {% do run_query(
                "create table if not exists " ~ without_ref(name) ~ " (" ~ columns ~ ") using parquet"
                ~ " partitioned by (" ~ columns.split(' ')[0] ~ ")"
            ) %}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}

{% macro spark__forget_rebuilt_months() -%}
    {%- if execute -%}
        {% do drop_months(without_ref('built_months'), 'post_month', rebuilt_months()) %}
    {%- endif -%}
{%- endmacro %}

{% macro spark__insert_built_months() -%}
    {% do replace_months(
        without_ref('built_ids'),
        'row_month',
        "select row_month from " ~ without_ref('int_month_inputs') ~ " where is_changed",
        "select * from " ~ without_ref('int_record_ids')
    ) %}
    {% do replace_months(
        without_ref('built_months'),
        'post_month',
        rebuilt_months(),
        "select post_month, fingerprint, '" ~ invocation_id ~ "' as built_by from " ~ without_ref('int_months')
        ~ " where is_rebuilt and fingerprint is not null"
    ) %}
{%- endmacro %}

{#- As `materializations/by_month.sql` says, with each month as a partition of its own. All months at once: Spark's
    memory is bounded by the parts of a shuffle, not by batches. -#}
{% materialization by_month, adapter='spark' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_table = this.incorporate(type='table') -%}
    {%- set key = config.require('unique_key') -%}
    {%- set looks_back = config.get('meta', {}).get('looks_back') -%}
    {{ run_hooks(pre_hooks) }}
    {%- if config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(compiled_code) }}
    {%- endif %}
    {%- set months = month_batches(rebuilt_months(looks_back or 0)) | sum(start=[]) -%}
    {%- set query = about_months(compiled_code, months) -%}
    {%- if existing is none or should_full_refresh() %}
        {% do drop_relation_if_exists(existing) %}
        {% call statement('main') -%}
            create table {{ target_table }} using parquet partitioned by ({{ key }}) as
            {{ by_partition(key, query) }}
        {%- endcall %}
    {%- else %}
        {% do refuse_other_columns(target_table, compiled_code) %}
        {% do replace_months(target_table, key, months_of('post_month' if looks_back else key, as_rows(months)), query) %}
    {%- endif %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_table]}) }}
{%- endmaterialization %}

{#- Replace months of a table that has them as partitions. What a query gives takes the place of a month's files in
    one step. A month of which it gives nothing keeps its files in that step; it is known by them, and dropped. -#}
{% macro replace_months(table, key, months, query) -%}
    {#- Months that were written together have files of one name. -#}
    {%- set of_months = " from " ~ table ~ " where " ~ key ~ " in (" ~ months ~ ")" -%}
    {%- set files = run_query("select distinct _metadata.file_name" ~ of_months) -%}
    {% do run_query("set spark.sql.sources.partitionOverwriteMode = dynamic") %}
    {% call statement('main') -%}
        insert overwrite table {{ table }} by name
        {{ by_partition(key, query) }}
    {%- endcall %}
    {%- if files.rows %}
        {%- set names = "'" ~ files.columns[0].values() | join("', '") ~ "'" -%}
        {% do drop_months(
            table, key, "select " ~ key ~ of_months ~ " and _metadata.file_name in (" ~ names ~ ")"
        ) %}
    {%- endif %}
{%- endmacro %}

{% macro drop_months(table, key, months) -%}
    {%- for month in run_query("select distinct * from (" ~ months ~ ") as months").columns[0].values() %}
        {% do run_query("alter table " ~ table ~ " drop if exists partition (" ~ key ~ " = date '" ~ month ~ "')") %}
    {%- endfor %}
{%- endmacro %}

{#- A month's rows in few files. -#}
{% macro by_partition(key, query) -%}
    select /*+ rebalance({{ key }}) */ * from (
        {{ query }}
    ) as rows
{%- endmacro %}
