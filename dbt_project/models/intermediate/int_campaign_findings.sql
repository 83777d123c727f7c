{{ config(materialized='by_month', unique_key='post_month') }}
-- How each counted post of a campaign's days, leagues and platforms carries what the campaign asks
-- for, under the policy in force. The best finding of a caption holds; they are numbered from the
-- best on.
{% set findings = ['exact', 'case', 'misspelt', 'joined', 'spaced', 'without_hash'] %}
{% set exact, in_case, misspelt, joined, spaced, without_hash = range(1, 7) %}
with asked as (
    select
        posts.post_policy_number,
        posts.post_number,
        posts.post_month,
        posts.platform,
        campaigns.campaign_id
    from {{ ref('int_post_values') }} as posts
    inner join {{ ref('int_policy_months') }} as months
        on posts.policy_id = months.policy_id and posts.month = months.month
    inner join {{ ref('stg_campaigns') }} as campaigns
        on posts.local_date >= campaigns.valid_from_date
        and (campaigns.valid_to_date is null or posts.local_date < campaigns.valid_to_date)
        and (campaigns.leagues is null or array_contains(campaigns.leagues, posts.league))
        and (campaigns.platforms is null or array_contains(campaigns.platforms, posts.platform))
    where
        posts.post_month in (select post_month from {{ ref('int_batch_months') }})
        and posts.reason = 'counted'
        and not posts.is_neighbouring
        and months.is_official
),

-- As a platform takes it, and as a reader does.
texts as (
    select
        post_number,
        post_month,
        {{ written_text('caption') }} as written,
        {{ plain_text('caption') }} as plain
    from (
        select post_number, post_month, {{ without_links('caption') }} as caption
        from {{ ref('int_posts') }}
        where
            post_month in (select post_month from {{ ref('int_batch_months') }})
            and caption is not null
            and post_number in (select post_number from asked)
    ) as posts
),

captions as {{ materialized() }} (
    select
        *,
        {{ words_of("replace(written, '#', ' ')") }} as words,
        {{ words_of('plain') }} as plain_words
    from texts
),

runs as (
    select post_number, post_month, false as is_plain, {{ rows_of(hashtag_runs('written')) }} as run
    from captions
    union all
    select post_number, post_month, true as is_plain, {{ rows_of(hashtag_runs('plain')) }} as run
    from captions
),

tags as (
    select
        post_number,
        post_month,
        is_plain,
        run not like '#%' as is_glued,
        {{ rows_of(tags_of_run('run')) }} as tag
    from runs
),

-- Words in a row that are nearly a keyword, in a caption that doesn't have its letters as words.
words as (
    select
        captions.post_number,
        captions.post_month,
        lengths.word_count,
        {{ rows_of(words_in_a_row(
            split_text("trim(replace(captions.plain_words, '#', ''))", ' '), 'lengths.word_count'
        )) }} as spelling
    from captions
    cross join (
        select distinct word_count
        from {{ ref('int_campaign_names') }}
        where not is_hashtag
    ) as lengths
),

keywords as (
    select distinct words.post_number, words.post_month, words.spelling, names.plain_name
    from words
    inner join {{ ref('int_campaign_names') }} as names
        on not names.is_hashtag
        and words.word_count = names.word_count
        and abs(length(words.spelling) - length(names.plain_name)) <= names.most_edit_count
    inner join captions
        on words.post_number = captions.post_number
    where
        {{ edit_count('words.spelling', 'names.plain_name') }} <= names.most_edit_count
        and not {{ matches('captions.plain_words', "'[ #]' || names.letters_pattern || ' '") }}
),

spellings as (
    select distinct post_month, replace(tag, '_', '') as spelling
    from tags
    where is_plain
    union
    select distinct post_month, spelling
    from keywords
),

-- A campaign that begins later doesn't change what was found before.
names as (
    select distinct plain_name, digits, most_edit_count, valid_from_date
    from {{ ref('int_campaign_names') }}
),

compared as (
    select distinct
        spellings.post_month,
        spellings.spelling,
        names.plain_name,
        {{ edit_count('spellings.spelling', 'names.plain_name') }} as edit_count,
        names.most_edit_count,
        {{ replace_matches('spellings.spelling', "'[^0-9]'", "''") }} = names.digits
            as has_same_digits,
        length(names.plain_name) >= 6 and contains(spellings.spelling, names.plain_name)
            as is_within,
        length(spellings.spelling) - length(names.plain_name) as more_letters
    from spellings
    inner join names
        on names.valid_from_date <= {{ next_month('spellings.post_month') }}
        and (
            abs(length(spellings.spelling) - length(names.plain_name)) <= names.most_edit_count
            or contains(spellings.spelling, names.plain_name)
        )
),

-- One letter more at an end is a slip, two are another word.
classed as (
    select
        *,
        is_within and (more_letters > 1 or not has_same_digits) as is_joined,
        edit_count <= most_edit_count
        and has_same_digits
        and not (is_within and more_letters > 1) as is_near
    from compared
),

ranked as (
    select
        *,
        min(edit_count) over near_names as least_edit_count,
        count(*) over (partition by post_month, spelling order by edit_count) as nearest_count
    from classed
    where is_near
    window near_names as (partition by post_month, spelling)
),

-- A word is a slip of the nearest registered name alone: of itself, where it is one, and of none,
-- where two are as near. It is joined to the longest names in it, where it is no slip of any.
judged as (
    select post_month, spelling, plain_name, edit_count, {{ misspelt }} as finding_number
    from ranked
    where edit_count = least_edit_count and nearest_count = 1
    union all
    select post_month, spelling, plain_name, edit_count, {{ joined }} as finding_number
    from classed
    where
        is_joined
        and not exists (
            select 1
            from classed as others
            where
                others.post_month = classed.post_month
                and others.spelling = classed.spelling
                and others.plain_name <> classed.plain_name
                and (
                    others.is_near
                    or (others.is_joined and contains(others.plain_name, classed.plain_name))
                )
        )
),

found as (
    select
        tags.post_number,
        names.campaign_id,
        case when tags.tag = names.name then {{ exact }} else {{ in_case }} end as finding_number
    from tags
    inner join {{ ref('int_campaign_names') }} as names
        on names.is_hashtag and {{ small_letters('tags.tag') }} = {{ small_letters('names.name') }}
    where not tags.is_plain and not tags.is_glued
    union all
    select
        tags.post_number,
        names.campaign_id,
        case
            when tags.is_glued or (names.word_count > 1 and judged.edit_count = 0) then {{ joined }}
            else judged.finding_number
        end as finding_number
    from tags
    inner join judged
        on tags.post_month = judged.post_month and replace(tags.tag, '_', '') = judged.spelling
    inner join {{ ref('int_campaign_names') }} as names
        on judged.plain_name = names.plain_name
    where tags.is_plain
    union all
    select keywords.post_number, names.campaign_id, judged.finding_number
    from keywords
    inner join judged
        on keywords.post_month = judged.post_month
        and keywords.spelling = judged.spelling
        and keywords.plain_name = judged.plain_name
    inner join {{ ref('int_campaign_names') }} as names
        on not names.is_hashtag and judged.plain_name = names.plain_name
    union all
    select
        asked.post_number,
        asked.campaign_id,
        case
            when
                names.is_hashtag
                and {{ matches('captions.plain_words', "'# ?' || names.letters_pattern || ' '") }}
                then {{ spaced }}
            when
                names.is_hashtag
                and {{ matches('captions.plain_words', "' ' || names.letters_pattern || ' '") }}
                then {{ without_hash }}
            when names.is_hashtag then null
            when contains(captions.words, ' ' || names.name || ' ') then {{ exact }}
            when
                contains(
                    {{ small_letters('captions.words') }},
                    ' ' || {{ small_letters('names.name') }} || ' '
                )
                then {{ in_case }}
            when {{ matches('captions.plain_words', "'[ #]' || names.plain_words || ' '") }}
                then {{ misspelt }}
            when {{ matches(
                'captions.plain_words',
                "'[ #]' || replace(names.plain_words, ' ', ' ?') || ' '"
            ) }} then {{ joined }}
            when {{ matches('captions.plain_words', "'[ #]' || names.letters_pattern || ' '") }}
                then {{ spaced }}
        end as finding_number
    from asked
    inner join {{ ref('int_campaign_names') }} as names
        on asked.campaign_id = names.campaign_id
    inner join captions
        on asked.post_number = captions.post_number
    where contains(replace(captions.plain_words, ' ', ''), names.plain_name)
),

best as (
    select post_number, campaign_id, min(finding_number) as finding_number
    from found
    group by post_number, campaign_id
)

select
    asked.post_policy_number,
    asked.post_month,
    asked.campaign_id,
    case
        {%- for finding in findings %}
        when best.finding_number = {{ loop.index }} then '{{ finding }}'
        {%- endfor %}
        -- Where the export has no texts, or titles alone, nobody knows what stands in the caption.
        when posts.caption_length is null or not platforms.has_captions then 'unknown'
        else 'absent'
    end as finding
from asked
inner join {{ ref('int_posts') }} as posts
    on asked.post_number = posts.post_number and asked.post_month = posts.post_month
inner join {{ ref('stg_platforms') }} as platforms
    on asked.platform = platforms.platform
left join best
    on asked.post_number = best.post_number and asked.campaign_id = best.campaign_id
where posts.post_month in (select post_month from {{ ref('int_batch_months') }})
