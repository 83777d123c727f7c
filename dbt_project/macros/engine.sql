{#-
    What differs between engines, and nothing else: time zones, whole division, spines.
    Instants are UTC without a zone mark on every engine.
-#}

{#- The wall time in a zone of a UTC instant. -#}
{% macro to_local(instant, zone) %}{{ return(adapter.dispatch('to_local')(instant, zone)) }}{% endmacro %}
{% macro default__to_local(instant, zone) %}timezone({{ zone }}, timezone('UTC', {{ instant }})){% endmacro %}

{#- The UTC instant of a wall time in a zone. -#}
{% macro to_utc(wall, zone) %}{{ return(adapter.dispatch('to_utc')(wall, zone)) }}{% endmacro %}
{% macro default__to_utc(wall, zone) %}timezone('UTC', timezone({{ zone }}, {{ wall }})){% endmacro %}

{#- Whole seconds from one instant to a later one. -#}
{% macro seconds_between(start, stop) %}{{ return(adapter.dispatch('seconds_between')(start, stop)) }}{% endmacro %}
{% macro default__seconds_between(start, stop) %}(epoch_us({{ stop }}) - epoch_us({{ start }})) // 1000000{% endmacro %}

{#- An instant or a day as microseconds since 1970. -#}
{% macro microseconds(instant) %}{{ return(adapter.dispatch('microseconds')(instant)) }}{% endmacro %}
{% macro default__microseconds(instant) %}epoch_us(cast({{ instant }} as timestamp)){% endmacro %}

{#- An instant some whole hours later. -#}
{% macro add_hours(instant, hours) %}{{ return(adapter.dispatch('add_hours')(instant, hours)) }}{% endmacro %}
{% macro default__add_hours(instant, hours) %}({{ instant }} + to_hours({{ hours }})){% endmacro %}

{#- A date some whole days later. -#}
{% macro add_days(date, days) %}{{ return(adapter.dispatch('add_days')(date, days)) }}{% endmacro %}
{% macro default__add_days(date, days) %}cast({{ date }} + to_days(cast({{ days }} as integer)) as date){% endmacro %}

{#- The first day of the next month. -#}
{% macro next_month(month) %}{{ return(adapter.dispatch('next_month')(month)) }}{% endmacro %}
{% macro default__next_month(month) %}cast({{ month }} + interval 1 month as date){% endmacro %}

{#- The first day of the month before. -#}
{% macro previous_month(month) %}{{ return(adapter.dispatch('previous_month')(month)) }}{% endmacro %}
{% macro default__previous_month(month) %}cast({{ month }} - interval 1 month as date){% endmacro %}

{#- A row of a table as a text. -#}
{% macro row_text(table) %}{{ return(adapter.dispatch('row_text')(table)) }}{% endmacro %}
{% macro default__row_text(table) %}cast({{ table }} as varchar){% endmacro %}

{#- A hash of some texts, whatever their order. -#}
{% macro fingerprint(text) %}{{ return(adapter.dispatch('fingerprint')(text)) }}{% endmacro %}
{% macro default__fingerprint(text) %}md5(string_agg({{ text }}, chr(10) order by {{ text }})){% endmacro %}

{#- The mathematical floor of a quotient of whole numbers, in 128 bits; the divisor is positive. -#}
{% macro floor_divide(dividend, divisor) %}{{ return(adapter.dispatch('floor_divide')(dividend, divisor)) }}{% endmacro %}
{% macro default__floor_divide(dividend, divisor) -%}
    (({{ dividend }}) // ({{ divisor }})
        - case when ({{ dividend }}) % ({{ divisor }}) < 0 then 1 else 0 end)
{%- endmacro %}

{#- An instant and a whole number between -2^53 and 2^53 as one number, which is ordered by the
    instant, then by the number: so one `max` finds both, in a fraction of the time of `max_by`. -#}
{% macro pack(instant, number) %}{{ return(adapter.dispatch('pack')(instant, number)) }}{% endmacro %}
{% macro default__pack(instant, number) -%}
    (cast({{ microseconds(instant) }} as hugeint) << 54) + (9007199254740992 + {{ number }})
{%- endmacro %}

{% macro packed_instant(packed) %}{{ return(adapter.dispatch('packed_instant')(packed)) }}{% endmacro %}
{% macro default__packed_instant(packed) %}make_timestamp(cast({{ packed }} >> 54 as bigint)){% endmacro %}

{% macro packed_number(packed) %}{{ return(adapter.dispatch('packed_number')(packed)) }}{% endmacro %}
{% macro default__packed_number(packed) %}(cast({{ packed }} & 18014398509481983 as bigint) - 9007199254740992){% endmacro %}

{#- One row per day or month from one date to another, as a table function. -#}
{% macro spine(start, stop, step) %}{{ return(adapter.dispatch('spine')(start, stop, step)) }}{% endmacro %}
{% macro default__spine(start, stop, step) -%}
    unnest(generate_series(cast({{ start }} as timestamp), cast({{ stop }} as timestamp), interval 1 {{ step }}))
{%- endmacro %}
