{#-
    Dates from dates: `dbt.dateadd` makes a timestamp of a date.
-#}

{#- A date some whole days later. -#}
{% macro add_days(date, days) %}cast({{ dbt.dateadd('day', days, date) }} as date){% endmacro %}

{#- A date some whole months later. -#}
{% macro add_months(date, months) %}cast({{ dbt.dateadd('month', months, date) }} as date){% endmacro %}

{#- The first day of the next month. -#}
{% macro next_month(month) %}cast({{ dbt.dateadd('month', 1, month) }} as date){% endmacro %}

{#- The first day of the month before. -#}
{% macro previous_month(month) %}cast({{ dbt.dateadd('month', -1, month) }} as date){% endmacro %}

{#- The first day of a date's month. -#}
{% macro month_of(date) %}cast({{ dbt.date_trunc('month', date) }} as date){% endmacro %}

{#- The wall time at which a date begins. -#}
{% macro start_of(date) %}cast({{ date }} as timestamp){% endmacro %}
