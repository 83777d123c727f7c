{#-
    What differs between engines and dbt has no macro for. Instants are UTC without a zone mark on every
    engine.

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

{#- A row of a table as a text. -#}
{% macro row_text(table) %}{{ return(adapter.dispatch('row_text')(table)) }}{% endmacro %}
{% macro default__row_text(table) %}cast({{ table }} as {{ dbt.type_string() }}){% endmacro %}

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

{#- A text as two are compared: lower case, with single spaces. -#}
{% macro folded_text(text) %}{{ return(adapter.dispatch('folded_text')(text)) }}{% endmacro %}
{% macro default__folded_text(text) -%}
    trim(regexp_replace(lower(nfc_normalize({{ text }})), '\s+', ' ', 'g'))
{%- endmacro %}

{#- The median of how far numbers lie from their median; an aggregate, also over a window. -#}
{% macro median_deviation(number) %}{{ return(adapter.dispatch('median_deviation')(number)) }}{% endmacro %}
{% macro default__median_deviation(number) %}mad({{ number }}){% endmacro %}
