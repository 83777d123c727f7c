-- How many of an office's comments of a month have each label, from those that were drawn. Nothing
-- is told before all that was drawn is labelled, nor where two readers agree too little.
{% set labels = ['positive', 'neutral', 'negative', 'question_or_complaint', 'not_about_office'] %}
with labels as (
    {% for label in labels -%}
    select '{{ label }}' as label
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

labelled as (
    select
        month,
        office_id,
        label,
        cast(count(*) as bigint) as label_count
    from {{ ref('int_opinion_labels') }}
    where reading = 'first'
    group by month, office_id, label
),

offices as (
    select
        month,
        office_id,
        cast(sum(label_count) as bigint) as labelled_count
    from labelled
    group by month, office_id
),

-- Cohen's kappa in whole numbers: a numerator and a denominator.
first_totals as (
    select month, first_label as label, cast(sum(comment_count) as bigint) as first_count
    from {{ ref('fct_opinion_agreement') }}
    group by month, first_label
),

second_totals as (
    select month, second_label as label, cast(sum(comment_count) as bigint) as second_count
    from {{ ref('fct_opinion_agreement') }}
    group by month, second_label
),

chances as (
    select
        firsts.month,
        cast(sum(firsts.first_count * seconds.second_count) as bigint) as by_chance
    from first_totals as firsts
    inner join second_totals as seconds
        on firsts.month = seconds.month and firsts.label = seconds.label
    group by firsts.month
),

agreements as (
    select
        month,
        cast(sum(comment_count) as bigint) as twice_count,
        cast(
            coalesce(sum(comment_count) filter (where first_label = second_label), 0) as bigint
        ) as agreed_count
    from {{ ref('fct_opinion_agreement') }}
    group by month
),

asked as (
    select month, count(*) as twice_count
    from {{ ref('stg_opinion_draws') }}
    where is_twice
    group by month
),

kappas as (
    select
        agreements.month,
        agreements.twice_count = asked.twice_count as is_whole,
        agreements.twice_count * agreements.agreed_count - coalesce(chances.by_chance, 0)
            as beyond_chance,
        agreements.twice_count * agreements.twice_count - coalesce(chances.by_chance, 0)
            as most_beyond_chance
    from agreements
    inner join asked
        on agreements.month = asked.month
    left join chances
        on agreements.month = chances.month
),

judged as (
    select
        samples.month,
        samples.office_id,
        labels.label,
        samples.comment_count,
        samples.sampled_count,
        coalesce(offices.labelled_count, 0) as labelled_count,
        coalesce(labelled.label_count, 0) as label_count,
        case
            when kappas.most_beyond_chance > 0
                then {{ floor_divide('10000 * kappas.beyond_chance', 'kappas.most_beyond_chance') }}
        end as kappa_per_10000,
        coalesce(
            offices.labelled_count = samples.sampled_count
            and kappas.is_whole
            and kappas.most_beyond_chance > 0
            and 10 * kappas.beyond_chance >= 6 * kappas.most_beyond_chance,
            false
        ) as is_publishable
    from {{ ref('stg_opinion_offices') }} as samples
    cross join labels
    left join labelled
        on samples.month = labelled.month
        and samples.office_id = labelled.office_id
        and labels.label = labelled.label
    left join offices
        on samples.month = offices.month and samples.office_id = offices.office_id
    left join kappas
        on samples.month = kappas.month
)

select
    judged.month,
    judged.office_id,
    judged.label,
    cast(judged.comment_count as bigint) as comment_count,
    cast(judged.sampled_count as bigint) as sampled_count,
    cast(judged.labelled_count as bigint) as labelled_count,
    cast(case when judged.is_publishable then judged.label_count end as bigint) as label_count,
    cast(case when judged.is_publishable then intervals.low_count end as bigint) as low_count,
    cast(case when judged.is_publishable then intervals.high_count end as bigint) as high_count,
    cast(
        cast(judged.kappa_per_10000 as decimal(9, 0)) * cast(0.0001 as decimal(5, 4))
        as decimal(5, 4)
    ) as kappa_ratio,
    judged.is_publishable
from judged
left join {{ ref('stg_opinion_intervals') }} as intervals
    on judged.comment_count = intervals.comment_count
    and judged.sampled_count = intervals.sampled_count
    and judged.label_count = intervals.label_count
