{#-
    How captions are read for the hashtags and words that a campaign asks for.

    What belongs here: what is a hashtag or a word in a text, and how texts are made comparable. What does
    not: what it means that they differ (`int_campaign_findings`). The hashtags of `int_posts` are in small
    letters, made at reading by the same rule (`ingest/fields/captions.py`); campaigns ask for capitals.
-#}

{#- A text as a platform takes it: composed letters, one sign of hashtags, without the invisible signs
    that choose how the character before them looks. -#}
{% macro written_text(text) -%}
    {{ replace_matches("replace(" ~ composed(text) ~ ", '＃', '#')", "'[\\x{FE00}-\\x{FE0F}]'", "''") }}
{%- endmacro %}

{#- What a reader takes for the same letters as the same small letters: without accents and invisible
    characters, ornamented and wide letters as plain ones, one blank for any white space. -#}
{% macro plain_text(text) -%}
    {%- set visible = replace_matches(text, "'[\\p{Cf}\\p{Me}\\x{FE00}-\\x{FE0F}]'", "''") -%}
    {%- set spaced = replace_matches(visible, "'[\\t\\n\\f\\r\\p{Z}]+'", "' '") -%}
    {{ small_letters(without_accents(ornaments_replaced(spaced))) }}
{%- endmacro %}

{% macro without_accents(text) %}{{ return(adapter.dispatch('without_accents')(text)) }}{% endmacro %}
{% macro default__without_accents(text) %}strip_accents({{ text }}){% endmacro %}

{#- Letters and digits of other alphabets of Unicode, as generators of "fonts" give them, as plain ones:
    mathematical ones (13 alphabets of which a few letters stand elsewhere, 5 rows of digits), wide and
    circled ones. Few texts have any. -#}
{% macro ornaments_replaced(text) -%}
    {%- set letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz' -%}
    {%- set digits = '0123456789' -%}
    case
        when {{ matches(
            text,
            "'[\\x{1D400}-\\x{1D6A3}\\x{1D7CE}-\\x{1D7FF}\\x{FF03}-\\x{FF5A}\\x{24B6}-\\x{24E9}\\x{2102}-\\x{2134}]'"
        ) }}
            then translate(
                {{ text }},
                {{ characters_between(119808, 120483) }} || {{ characters_between(120782, 120831) }}
                || {{ characters_between(65313, 65338) }} || {{ characters_between(65345, 65370) }}
                || {{ characters_between(65296, 65305) }} || {{ characters_between(9398, 9449) }}
                || '＃＿ℬℰℱℋℐℒℳℛℯℊℴℭℌℑℜℨℂℍℕℙℚℝℤℎ',
                repeat('{{ letters }}', 13) || repeat('{{ digits }}', 5)
                || '{{ letters }}' || '{{ digits }}' || '{{ letters }}'
                || '#_BEFHILMRegoCHIRZCHNPQRZh'
            )
        else {{ text }}
    end
{%- endmacro %}

{#- The characters from one code point to another, both included. -#}
{% macro characters_between(first, last) %}{{ return(adapter.dispatch('characters_between')(first, last)) }}{% endmacro %}
{% macro default__characters_between(first, last) -%}
    array_to_string(list_transform(range({{ first }}, {{ last + 1 }}), lambda code: chr(cast(code as integer))), '')
{%- endmacro %}

{#- A text without links, addresses and handles, which may hold `#` or a campaign's words. -#}
{% macro without_links(text) -%}
    {{ replace_matches(
        text,
        "'(?i" ~ any_case_of_unicode() ~ ")(https?://|www\\.)[^\\t\\n\\f\\r ]+|[\\w.+-]*@[\\w.-]+"
        ~ "|[\\w.-]+\\.(id|com|org|net)" ~ end_of_word() ~ "(/[^\\t\\n\\f\\r ]*)?'",
        "' '"
    ) }}
{%- endmacro %}

{#- What makes `(?i)` fold all of Unicode's letters, and what stands for the end of a word of ASCII's. -#}
{% macro any_case_of_unicode() %}{{ return(adapter.dispatch('any_case_of_unicode')()) }}{% endmacro %}
{% macro default__any_case_of_unicode() %}{% endmacro %}

{% macro end_of_word() %}{{ return(adapter.dispatch('end_of_word')()) }}{% endmacro %}
{% macro default__end_of_word() %}\b{% endmacro %}

{#- The words of a text, each between blanks; hashtags keep their sign. -#}
{% macro words_of(text) -%}
    (' ' || {{ replace_matches(text, "'[^\\p{L}\\p{M}\\p{N}#]+'", "' '") }} || ' ')
{%- endmacro %}

{#- The hashtags of a text as a list of runs such as `#a#b`; one that begins with another character is
    glued to what stands before it, and so no hashtag. -#}
{% macro hashtag_runs(text) %}{{ return(adapter.dispatch('hashtag_runs')(text)) }}{% endmacro %}
{% macro default__hashtag_runs(text) -%}
    regexp_extract_all({{ text }}, '[\p{L}\p{M}\p{N}_&]?(?:#[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)+')
{%- endmacro %}

{#- The parts of a run of hashtags, without signs. -#}
{% macro tags_of_run(run) %}{{ return(adapter.dispatch('tags_of_run')(run)) }}{% endmacro %}
{% macro default__tags_of_run(run) %}string_split({{ run }}, '#')[2:]{% endmacro %}

{#- Each so many words in a row of a plain text, written as one. -#}
{% macro words_in_a_row(words, count) %}{{ return(adapter.dispatch('words_in_a_row')(words, count)) }}{% endmacro %}
{% macro default__words_in_a_row(words, count) -%}
    list_transform(
        range(1, len({{ words }}) - {{ count }} + 2),
        lambda first: array_to_string({{ words }}[first:first + {{ count }} - 1], '')
    )
{%- endmacro %}

{#- How many letters are missing, too many, wrong or swapped with their neighbour. -#}
{% macro edit_count(text, other) %}{{ return(adapter.dispatch('edit_count')(text, other)) }}{% endmacro %}
{% macro default__edit_count(text, other) %}damerau_levenshtein({{ text }}, {{ other }}){% endmacro %}

{#- A regular expression of a plain word that may have a blank between any letters. -#}
{% macro letters_apart(word) %}{{ return(adapter.dispatch('letters_apart')(word)) }}{% endmacro %}
{% macro default__letters_apart(word) -%}
    regexp_replace({{ word }}, '(.)', '\1 ?', 'g')
{%- endmacro %}
