{#- A whole number that orders observations as captures count, no two alike: 26 bits of instant and hash,
    27 of the record's number, 10 of the delivery (`int_delivery_contents`). It holds within one
    build of a month, for a new delivery changes the numbers of those behind it. -#}
{% macro observation_order(observations, deliveries) -%}
    ({{ deliveries }}.delivery_order + {{ observations }}.record_number * 1024)
{%- endmacro %}

{#- What names an observation for readers: its delivery and its record's number. -#}
{% macro observation_id(observations='observations') -%}
    {{ observations }}.delivery_id || '-' || {{ observations }}.record_number
{%- endmacro %}

{#- How precisely a time of publication is told, as a number: the most precise is the lowest. -#}
{% macro precision_rank(precision) -%}
    cast(case {{ precision }} when 'second' then 1 when 'minute' then 2 else 3 end as integer)
{%- endmacro %}
