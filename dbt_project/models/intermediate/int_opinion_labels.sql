-- What each reading says of each comment that was drawn: the last label that came in. Labels of
-- comments that nobody drew say nothing.
with delivered as (
    select
        draws.month,
        draws.office_id,
        draws.comment_code,
        labels.reading,
        labels.label,
        row_number() over (
            partition by draws.month, draws.comment_code, labels.reading
            order by
                deliveries.captured_at desc,
                deliveries.delivery_id desc,
                labels.record_number desc
        ) as position
    from {{ ref('stg_opinion_labels') }} as labels
    inner join {{ ref('stg_deliveries') }} as deliveries
        on labels.sha256 = deliveries.sha256 and deliveries.status = 'loaded'
    inner join {{ ref('stg_opinion_draws') }} as draws
        on labels.comment_code = draws.comment_code
        and (labels.reading = 'first' or draws.is_twice)
    where labels.label is not null
)

select
    month,
    office_id,
    comment_code,
    reading,
    label
from delivered
where position = 1
