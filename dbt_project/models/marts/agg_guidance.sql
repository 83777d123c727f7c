{{ config(materialized='by_month', unique_key='month', meta={'looks_back': 5}) }}
-- What went with more interactions over the six months up to an edition's, and whether that is
-- proven: `docs/decisions/0065-guidance-that-abstains.md` tells the method and its measurement.
{% set features = {
    'kind': 'post_kind',
    'hour_band': 'hour_band',
    'weekend': "case when is_weekend then 'yes' when not is_weekend then 'no' end",
    'caption_length': 'caption_length_band',
    'hashtag': "case when has_hashtag then 'yes' when not has_hashtag then 'no' end",
    'question': "case when has_question then 'yes' when not has_question then 'no' end",
} %}
with editions as (
    select policy_id, month
    from {{ ref('int_policy_months') }}
    where is_official and month in (select post_month from {{ ref('int_batch_months') }})
),

-- The posts that an edition looks at, all under its policy.
seen as (
    select
        posts.*,
        editions.month as edition_month
    from editions
    inner join {{ ref('fct_post_baseline') }} as posts
        on editions.policy_id = posts.policy_id
        and posts.month between {{ add_months('editions.month', -5) }} and editions.month
),

-- At the window's end where that is known of at least half of a platform's posts, else as last
-- counted: one of the two for all statements on the platform.
bases as (
    select
        edition_month,
        platform,
        case when 2 * count(window_value) >= count(*) then 'window' else 'last' end as basis
    from seen
    group by edition_month, platform
),

compared as (
    select
        seen.*,
        bases.basis,
        case bases.basis when 'window' then seen.window_ratio else seen.last_ratio end as ratio
    from seen
    inner join bases
        on seen.edition_month = bases.edition_month and seen.platform = bases.platform
),

-- Each post once for each feature: kinds beside each other, all else among posts of one kind, so
-- that nothing is said of an hour that is the kind's doing. A post that is its account's median
-- itself is the yardstick, and would draw both sides to it.
levels as (
    {% for feature, level in features.items() -%}
    select
        edition_month,
        policy_id,
        platform,
        basis,
        '{{ feature }}' as feature,
        {{ 'cast(null as ' ~ dbt.type_string() ~ ')' if feature == 'kind' else 'post_kind' }}
            as post_kind,
        {{ level }} as level,
        office_id,
        month,
        ratio
    from compared
    where ratio <> 1{{ " and post_kind <> 'unknown'" if feature == 'kind' }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

counts as (
    select
        edition_month,
        policy_id,
        platform,
        basis,
        feature,
        post_kind,
        level,
        min(month) as first_month,
        count(*) as post_count
    from levels
    where level is not null
    group by edition_month, policy_id, platform, basis, feature, post_kind, level
),

beside as (
    select
        *,
        min(first_month) over other_levels as earliest_month,
        (sum(post_count) over other_levels) - post_count as rest_count,
        count(*) over other_levels as level_count,
        max(level) over other_levels as last_level
    from counts
    window other_levels as (partition by edition_month, platform, feature, post_kind)
),

-- Two levels are one statement, and where few posts are at a level there is none.
statements as (
    select
        *,
        row_number() over (
            order by edition_month, platform, feature, post_kind nulls first, level
        ) as statement_number
    from beside
    where post_count >= 30 and rest_count >= 30 and (level_count > 2 or level = last_level)
),

office_numbers as (
    select
        office_id,
        row_number() over (order by office_id) as office_number
    from (select distinct office_id from compared) as every_office
),

-- An office's posts at the level and its other ones. A side goes by a number, for millions of posts
-- are put in order by it.
sided as (
    select
        statements.statement_number,
        levels.office_id,
        levels.level = statements.level as is_at_level,
        levels.ratio,
        (statements.statement_number * 1000000 + office_numbers.office_number) * 2
        + case when levels.level = statements.level then 1 else 0 end as side_number
    from statements
    inner join levels
        on statements.edition_month = levels.edition_month
        and statements.platform = levels.platform
        and statements.feature = levels.feature
        and statements.post_kind is not distinct from levels.post_kind
        and levels.level is not null
    inner join office_numbers
        on levels.office_id = office_numbers.office_id
),

ordered as (
    select
        *,
        row_number() over (partition by side_number order by ratio) as place,
        count(*) over (partition by side_number) as post_count
    from sided
),

-- A side's median, of an even number of posts the geometric mean of the middle two; as its square,
-- which is exact.
sides as (
    select
        statement_number,
        office_id,
        is_at_level,
        post_count,
        cast(min(ratio) * max(ratio) as decimal(38, 8)) as square
    from ordered
    where post_count >= 2 and 2 * place between post_count and post_count + 2
    group by statement_number, office_id, is_at_level, post_count
),

offices as (
    select
        statement_number,
        office_id,
        max(post_count) filter (where is_at_level) as level_post_count,
        max(post_count) filter (where not is_at_level) as rest_post_count,
        max(square) filter (where is_at_level) as level_square,
        max(square) filter (where not is_at_level) as rest_square
    from sides
    group by statement_number, office_id
    having count(*) = 2
),

-- More than a thousandfold is told as that.
ratios as (
    select
        statement_number,
        office_id,
        level_post_count,
        rest_post_count,
        level_square > rest_square as is_higher,
        level_square < rest_square as is_lower,
        cast(
            case
                when level_square = rest_square then 1
                when level_square >= 1000000 * rest_square then 1000
                else round(sqrt(cast(level_square as double) / cast(rest_square as double)), 6)
            end as decimal(18, 6)
        ) as ratio
    from offices
),

placed as (
    select
        *,
        row_number() over (partition by statement_number order by ratio, office_id) as place,
        count(*) over (partition by statement_number) as office_count
    from ratios
),

-- The logarithm of each factorial, from 0 to the number of offices.
numbers as (
    select 0 as number
    union all
    select row_number() over (order by office_id) as number
    from (select distinct office_id from ratios) as every_office
),

factorials as (
    select
        number,
        sum(case when number = 0 then 0.0 else ln(cast(number as double)) end) over (
            order by number rows between unbounded preceding and current row
        ) as logarithm
    from numbers
),

-- How probable it is that of so many offices at most so many are higher, where each is by a half.
chances as (
    select
        trials.number as trial_count,
        successes.number as success_count,
        sum(
            exp(
                trials.logarithm
                - successes.logarithm
                - failures.logarithm
                - trials.number * ln(cast(2 as double))
            )
        ) over (
            partition by trials.number order by successes.number
            rows between unbounded preceding and current row
        ) as probability
    from factorials as trials
    inner join factorials as successes
        on trials.number >= successes.number
    inner join factorials as failures
        on trials.number - successes.number = failures.number
),

-- How many offices lie outside of the interval on each side, one being its edge: the most with
-- which the median lies within it in 95 of 100 cases.
edges as (
    select
        trial_count as office_count,
        count(*) as edge_place
    from chances
    where probability <= 0.025
    group by trial_count
),

sums as (
    select
        placed.statement_number,
        placed.office_count,
        sum(placed.level_post_count) as post_count,
        sum(placed.rest_post_count) as rest_post_count,
        count(*) filter (where placed.is_higher) as higher_office_count,
        count(*) filter (where placed.is_lower) as lower_office_count,
        min(placed.ratio) filter (
            where 2 * placed.place between placed.office_count and placed.office_count + 2
        ) as middle_low,
        max(placed.ratio) filter (
            where 2 * placed.place between placed.office_count and placed.office_count + 2
        ) as middle_high,
        max(placed.ratio) filter (where placed.place = edges.edge_place) as ratio_low,
        max(placed.ratio) filter (
            where placed.place = placed.office_count + 1 - edges.edge_place
        ) as ratio_high
    from placed
    inner join edges
        on placed.office_count = edges.office_count
    where placed.office_count >= 8
    group by placed.statement_number, placed.office_count
    having sum(placed.level_post_count) >= 30 and sum(placed.rest_post_count) >= 30
),

-- The sign test of both sides.
tested as (
    select
        statements.statement_number,
        statements.edition_month,
        statements.policy_id,
        statements.platform,
        statements.feature,
        statements.level,
        statements.post_kind,
        statements.basis,
        statements.earliest_month,
        sums.post_count,
        sums.rest_post_count,
        sums.office_count,
        sums.higher_office_count,
        sums.lower_office_count,
        -- The root of a square may miss by its last bit, which would round it out of its interval.
        case
            when sums.middle_low = sums.middle_high then cast(sums.middle_low as decimal(9, 2))
            else cast(
                sqrt(cast(sums.middle_low as double) * cast(sums.middle_high as double))
                as decimal(9, 2)
            )
        end as ratio,
        cast(sums.ratio_low as decimal(9, 2)) as ratio_low,
        cast(sums.ratio_high as decimal(9, 2)) as ratio_high,
        cast(round(least(1, 2 * chances.probability), 6) as decimal(7, 6)) as p_value
    from sums
    inner join statements
        on sums.statement_number = statements.statement_number
    inner join chances
        on sums.higher_office_count + sums.lower_office_count = chances.trial_count
        and least(sums.higher_office_count, sums.lower_office_count) = chances.success_count
),

-- Benjamini and Hochberg over all statements of an edition.
scaled as (
    select
        *,
        row_number() over edition as place,
        least(
            1,
            cast(p_value as double) * count(*) over (partition by edition_month)
            / row_number() over edition
        ) as scaled_p_value
    from tested
    window edition as (partition by edition_month order by p_value, statement_number)
),

adjusted as (
    select
        *,
        cast(
            round(
                min(scaled_p_value) over (
                    partition by edition_month order by place
                    rows between current row and unbounded following
                ),
                6
            ) as decimal(7, 6)
        ) as q_value
    from scaled
)

select
    edition_month as month,
    policy_id,
    platform,
    feature,
    level,
    post_kind,
    basis,
    earliest_month as first_month,
    cast(post_count as bigint) as post_count,
    cast(rest_post_count as bigint) as rest_post_count,
    cast(office_count as bigint) as office_count,
    ratio,
    ratio_low,
    ratio_high,
    cast(higher_office_count as bigint) as higher_office_count,
    cast(lower_office_count as bigint) as lower_office_count,
    p_value,
    q_value,
    q_value <= 0.1 and (ratio_low > 1 or ratio_high < 1) as is_proven
from adjusted
