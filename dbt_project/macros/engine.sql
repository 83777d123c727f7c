{#-
    What differs between engines and dbt has no macro for: the names, and how DuckDB says it. How Spark
    does stands in `spark.sql`. Instants are UTC without a zone mark on every engine.

    What does not belong here: what dbt's own macros do (`dbt.dateadd`, `dbt.datediff`, `dbt.date_trunc`,
    `dbt.listagg`, `dbt.hash`, `dbt.type_string`, …), and words for dates (`dates.sql`).
-#}

{#- The wall time in a zone of a UTC instant. -#}
{% macro to_local(instant, zone) %}{{ return(adapter.dispatch('to_local')(instant, zone)) }}{% endmacro %}
{% macro default__to_local(instant, zone) %}timezone({{ zone }}, timezone('UTC', {{ instant }})){% endmacro %}

{#- The UTC instant of a wall time in a zone. -#}
{% macro to_utc(wall, zone) %}{{ return(adapter.dispatch('to_utc')(wall, zone)) }}{% endmacro %}
{% macro default__to_utc(wall, zone) %}timezone('UTC', timezone({{ zone }}, {{ wall }})){% endmacro %}

{#- An instant or a day as microseconds since 1970. -#}
{% macro microseconds(instant) %}{{ return(adapter.dispatch('microseconds')(instant)) }}{% endmacro %}
{% macro default__microseconds(instant) %}epoch_us(cast({{ instant }} as timestamp)){% endmacro %}

{#- The type of whole numbers of up to 38 digits. -#}
{% macro type_whole() %}{{ return(adapter.dispatch('type_whole')()) }}{% endmacro %}
{% macro default__type_whole() %}hugeint{% endmacro %}

{#- A common table expression that is worked out once and kept, or wherever it is used: so what DuckDB
    holds at once is bounded. -#}
{% macro materialized() %}{{ return(adapter.dispatch('materialized')()) }}{% endmacro %}
{% macro default__materialized() %}materialized{% endmacro %}

{% macro not_materialized() %}{{ return(adapter.dispatch('not_materialized')()) }}{% endmacro %}
{% macro default__not_materialized() %}not materialized{% endmacro %}

{#- A row per column of these; a row per element of a list. -#}
{% macro each_of(columns) %}{{ return(adapter.dispatch('each_of')(columns)) }}{% endmacro %}
{% macro default__each_of(columns) %}unnest([{{ columns | join(', ') }}]){% endmacro %}

{% macro rows_of(list) %}{{ return(adapter.dispatch('rows_of')(list)) }}{% endmacro %}
{% macro default__rows_of(list) %}unnest({{ list }}){% endmacro %}

{#- The day of the week from Monday, 1, to Sunday, 7. -#}
{% macro weekday(date) %}{{ return(adapter.dispatch('weekday')(date)) }}{% endmacro %}
{% macro default__weekday(date) %}extract(isodow from {{ date }}){% endmacro %}

{#- A row of a table as a text. -#}
{% macro row_text(table) %}{{ return(adapter.dispatch('row_text')(table)) }}{% endmacro %}
{% macro default__row_text(table) %}cast({{ table }} as {{ dbt.type_string() }}){% endmacro %}

{#- The quotient of whole numbers without its rest, null where the divisor is 0. -#}
{% macro quotient(dividend, divisor) %}{{ return(adapter.dispatch('quotient')(dividend, divisor)) }}{% endmacro %}
{% macro default__quotient(dividend, divisor) %}({{ dividend }}) // ({{ divisor }}){% endmacro %}

{#- The mathematical floor of a quotient of whole numbers, in as many bits as they have; the divisor is
    positive. -#}
{% macro floor_divide(dividend, divisor) %}{{ return(adapter.dispatch('floor_divide')(dividend, divisor)) }}{% endmacro %}
{% macro default__floor_divide(dividend, divisor) -%}
    (({{ dividend }}) // ({{ divisor }})
        - case when ({{ dividend }}) % ({{ divisor }}) < 0 then 1 else 0 end)
{%- endmacro %}

{#- One row per day or month from one date to another, as a table function; the edges are columns, and
    `dbt.date_spine` must know them before. -#}
{% macro spine(start, stop, step) %}{{ return(adapter.dispatch('spine')(start, stop, step)) }}{% endmacro %}
{% macro default__spine(start, stop, step) -%}
    unnest(generate_series(cast({{ start }} as timestamp), cast({{ stop }} as timestamp), interval 1 {{ step }}))
{%- endmacro %}

{#- The whole square root, exact for whole numbers of up to 38 digits: an engine's own is right to 53 bits
    only. One step of Newton's method from there is at most one too high. -#}
{% macro whole_square_root(number) %}{{ return(adapter.dispatch('whole_square_root')(number)) }}{% endmacro %}
{% macro default__whole_square_root(number) -%}
    list_transform(
        [cast({{ number }} as hugeint)],
        lambda n: case
            when n <= 0 then 0
            else list_transform(
                [(cast(sqrt(n) as hugeint) + n // cast(sqrt(n) as hugeint)) // 2],
                lambda root: root - case when root * root > n then 1 else 0 end
            )[1]
        end
    )[1]
{%- endmacro %}

{#- The median of numbers: over a named window, and of a group. -#}
{% macro median_over(number, window) %}{{ return(adapter.dispatch('median_over')(number, window)) }}{% endmacro %}
{% macro default__median_over(number, window) %}median({{ number }}) over {{ window }}{% endmacro %}

{% macro median_of(number) %}{{ return(adapter.dispatch('median_of')(number)) }}{% endmacro %}
{% macro default__median_of(number) %}median({{ number }}){% endmacro %}

{#- Whether a regular expression fits somewhere in a text; a text with something else wherever one fits. The
    expressions are those that RE2 and Java read alike: white space and the ends of words are not. -#}
{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches')(text, pattern)) }}{% endmacro %}
{% macro default__matches(text, pattern) %}regexp_matches({{ text }}, {{ pattern }}){% endmacro %}

{% macro replace_matches(text, pattern, other) -%}
    {{ return(adapter.dispatch('replace_matches')(text, pattern, other)) }}
{%- endmacro %}
{% macro default__replace_matches(text, pattern, other) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ other }}, 'g')
{%- endmacro %}

{#- The parts of a text between a sign, as a list. -#}
{% macro split_text(text, sign) %}{{ return(adapter.dispatch('split_text')(text, sign)) }}{% endmacro %}
{% macro default__split_text(text, sign) %}string_split({{ text }}, '{{ sign }}'){% endmacro %}

{#- A text in small letters, each character by itself. -#}
{% macro small_letters(text) %}{{ return(adapter.dispatch('small_letters')(text)) }}{% endmacro %}
{% macro default__small_letters(text) %}lower({{ text }}){% endmacro %}

{#- A text in its composed form (NFC). -#}
{% macro composed(text) %}{{ return(adapter.dispatch('composed')(text)) }}{% endmacro %}
{% macro default__composed(text) %}nfc_normalize({{ text }}){% endmacro %}

{#- A text as two are compared: lower case, with single spaces. -#}
{% macro folded_text(text) -%}
    trim({{ replace_matches(small_letters(composed(text)), "'[\\t\\n\\f\\r ]+'", "' '") }})
{%- endmacro %}
