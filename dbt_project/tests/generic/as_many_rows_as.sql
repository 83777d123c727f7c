{#- A view that joins has exactly the rows of the table that it begins with: none lost, none twice.
    `expected` is their number, where it is not that of the table's rows. -#}
{% test as_many_rows_as(model, to, expected='count(*)') %}
select *
from (select count(*) as row_count from {{ model }}) as joined
cross join (
    select coalesce({{ expected }}, 0) as expected_count
    from {{ to }}
    where post_month in ({{ rebuilt_months() }})
) as first
where row_count <> expected_count
{% endtest %}
