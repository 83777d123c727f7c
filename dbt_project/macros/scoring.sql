{#-
    The arithmetic of values and scores, in whole numbers. What they mean is told in `docs/value.en.md`.

    What does not belong here: which observations count, which posts, and for whom (the models).
-#}

{#- A quotient to the nearest whole number, half up; the divisor is positive. -#}
{% macro nearest(dividend, divisor) -%}
    {{ floor_divide("2 * (" ~ dividend ~ ") + (" ~ divisor ~ ")", "2 * (" ~ divisor ~ ")") }}
{%- endmacro %}

{#- What a typical, a slow or a fast post has at an age, in millionths of what it has at the window's
    end; `step` is the step of the curve (`int_growth_steps`) in which the age lies. -#}
{% macro part_at(step, column, age) -%}
    1000 * {{ step }}.{{ column }}
    + {{ quotient(
        "1000 * " ~ step ~ "." ~ column ~ "_rise * (" ~ age ~ " - " ~ step ~ ".first_second)",
        step ~ ".second_count"
    ) }}
{%- endmacro %}

{#- How far a sum of posts may lie from its estimate, from the sum and the sum of squares of how far each
    may; `correlation` says in percent how alike they err. -#}
{% macro spread(sum, square_sum, correlation) -%}
    {#- Decimals divide as floats. -#}
    {%- set whole_sum = "cast(" ~ sum ~ " as " ~ type_whole() ~ ")" -%}
    {%- set whole_square_sum = "cast(" ~ square_sum ~ " as " ~ type_whole() ~ ")" -%}
    {#- The root of a hundredth is a tenth of the root, also in whole numbers. -#}
    {{ quotient(whole_square_root(
        "((100 - " ~ correlation ~ ") * " ~ whole_square_sum
        ~ " + " ~ correlation ~ " * " ~ whole_sum ~ " * " ~ whole_sum ~ ")"
    ), 10) }}
{%- endmacro %}

{#- Joins `accounts`, to which office an account belonged on a date, and `offices`, in which league. -#}
{% macro join_office_on(account_id, date) -%}
    left join {{ ref('int_account_spans') }} as accounts
        on {{ account_id }} = accounts.account_id
        and {{ date }} >= accounts.first_date
        and (accounts.next_date is null or {{ date }} < accounts.next_date)
    left join {{ ref('stg_offices') }} as offices
        on accounts.office_id = offices.office_id
        and {{ date }} >= offices.valid_from_date
        and (offices.valid_to_date is null or {{ date }} < offices.valid_to_date)
{%- endmacro %}

{#- The first rule that keeps a post from counting, else `counted`. -#}
{% macro counting_reason(post, office, league, cutoff) -%}
    case
        when {{ post }}.account_id is null then 'unregistered_account'
        when not array_contains({{ post }}.platforms, {{ post }}.platform) then 'platform_not_in_policy'
        when {{ office }} is null then 'account_not_valid'
        when {{ league }} is null then 'office_not_valid'
        when not array_contains({{ post }}.leagues, {{ league }}) then 'league_not_in_policy'
        when {{ post }}.is_reply and not {{ post }}.counts_replies then 'reply'
        when {{ post }}.is_repost and not {{ post }}.counts_reposts then 'repost'
        when {{ post }}.is_story and not {{ post }}.counts_stories then 'story'
        when {{ post }}.is_cross_post and not {{ post }}.counts_cross_posts then 'cross_post'
        when {{ post }}.first_seen_at > {{ cutoff }} then 'seen_after_cutoff'
        else 'counted'
    end
{%- endmacro %}
