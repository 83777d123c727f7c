-- What the campaigns ask posts to carry, a row for each hashtag and keyword, and how it is looked
-- for.
with names as (
    select
        campaign_id,
        valid_from_date,
        true as is_hashtag,
        substr(hashtag, 2) as name
    from {{ ref('stg_campaigns') }}
    where hashtag is not null
    union all
    select
        campaign_id,
        valid_from_date,
        false as is_hashtag,
        keyword as name
    from {{ ref('stg_campaigns') }}
    where keyword is not null
),

written as (
    select *, {{ plain_text('name') }} as plain_words
    from names
),

compared as (
    select *, replace(replace(plain_words, '_', ''), ' ', '') as plain_name
    from written
)

select
    campaign_id,
    valid_from_date,
    is_hashtag,
    name,
    plain_name,
    cast(1 + length(name) - length(replace(name, ' ', '')) as integer) as word_count,
    -- So many letters a word may differ and still be this one: tags of five letters are too many.
    cast(
        case
            when length(plain_name) < 5 then 0
            when length(plain_name) < 10 then 1
            when length(plain_name) < 20 then 2
            else 3
        end as integer
    ) as most_edit_count,
    -- Another number is another tag: of last year, of another regulation.
    {{ replace_matches('plain_name', "'[^0-9]'", "''") }} as digits,
    plain_words,
    {{ letters_apart('plain_name') }} as letters_pattern
from compared
