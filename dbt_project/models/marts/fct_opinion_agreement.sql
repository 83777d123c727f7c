-- What two readers said of the comments that both read.
select
    firsts.month,
    firsts.label as first_label,
    seconds.label as second_label,
    cast(count(*) as bigint) as comment_count
from {{ ref('int_opinion_labels') }} as firsts
inner join {{ ref('int_opinion_labels') }} as seconds
    on firsts.month = seconds.month and firsts.comment_code = seconds.comment_code
where firsts.reading = 'first' and seconds.reading = 'second'
group by firsts.month, firsts.label, seconds.label
