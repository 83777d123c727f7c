{#-
    Incremental building: whole months are replaced, whatever the engine, and nothing else is.

    A row of the lake lies in the month (UTC) of publication that it tells, its `row_month`; a post
    in one of its rows' months, its `post_month`. `int_months` says which months are to be rebuilt.
    A model that is built in months selects only these (`rebuilt`), and the strategy puts them in
    the place of what the table held of them.
-#}

{% macro get_incremental_replace_months_sql(arg_dict) -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ arg_dict['unique_key'] }} in ({{ rebuilt(arg_dict['unique_key']) }});
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{#- The months that are rebuilt, by what a table calls its month. -#}
{% macro rebuilt(key='post_month') -%}
    {%- if key == 'row_month' -%}
        select post_month from {{ other_table('int_month_inputs') }} where is_changed
    {%- elif key == 'post_month' -%}
        select post_month from {{ other_table('int_months') }} where is_rebuilt
    {%- else -%}
        {#- A policy's month takes posts of the months before and after, for no zone is a day away. -#}
        select post_month from {{ other_table('int_months') }} where is_rebuilt
        union
        select {{ next_month('post_month') }} from {{ other_table('int_months') }} where is_rebuilt
        union
        select {{ previous_month('post_month') }} from {{ other_table('int_months') }} where is_rebuilt
    {%- endif -%}
{%- endmacro %}

{#- A table of this warehouse as it stands, without a dependency: a model's own past is no cycle. -#}
{% macro other_table(name) -%}
    {{ this.incorporate(path={'identifier': name}) }}
{%- endmacro %}

{#- What the last build left, empty before the first; a full refresh forgets it. -#}
{% macro prepare_past() %}
    create table if not exists {{ target.schema }}.int_built_months (
        post_month date, fingerprint varchar, built_by varchar
    );
    create table if not exists {{ target.schema }}.int_straddling_posts (
        platform varchar, post_key varchar, row_month date, post_id varchar, other_id varchar,
        post_month date
    );
    {% if flags.FULL_REFRESH %}delete from {{ target.schema }}.int_built_months;{% endif %}
{% endmacro %}

{#- CTEs: the records outside `months` whose IDs are reached from `seeds` (platform, any_id), over
    any number of records in between, and in `<name>_months` the months that they lie in. A record
    links its post's ID to its other one. -#}
{% macro reached_from(name, seeds, months) -%}
    {{ name }}_outside as (
        select platform, row_month, post_id as any_id, post_id, other_id
        from {{ ref('int_post_ids') }}
        where row_month not in (select post_month from {{ months }})
        union all
        select platform, row_month, other_id as any_id, post_id, other_id
        from {{ ref('int_post_ids') }}
        where row_month not in (select post_month from {{ months }}) and other_id is not null
    ),

    {{ name }} as (
        select outside.platform, outside.any_id
        from {{ name }}_outside as outside
        inner join {{ seeds }} as seeds
            on outside.platform = seeds.platform and outside.any_id = seeds.any_id
        union
        select outside.platform, unnest([outside.post_id, outside.other_id])
        from {{ name }} as found
        inner join {{ name }}_outside as outside
            on found.platform = outside.platform and found.any_id = outside.any_id
    ),

    {{ name }}_months as (
        select distinct outside.row_month as post_month
        from {{ name }}_outside as outside
        inner join {{ name }} as found
            on outside.platform = found.platform and outside.any_id = found.any_id
    )
{%- endmacro %}

{#- The IDs of the records in some months: `platform`, `any_id`. -#}
{% macro ids_in(months) -%}
    select platform, unnest([post_id, other_id]) as any_id
    from {{ ref('int_post_ids') }}
    where row_month in (select post_month from {{ months }})
{%- endmacro %}
