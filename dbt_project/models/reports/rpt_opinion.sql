-- The tone of comments where it may be told: all that was drawn is labelled, and readers agree.
select
    opinion.month,
    opinion.office_id,
    offices.office_name,
    offices.office_short_name,
    opinion.label,
    case opinion.label
        when 'positive' then 'positif'
        when 'neutral' then 'netral'
        when 'negative' then 'negatif'
        when 'question_or_complaint' then 'pertanyaan atau pengaduan'
        when 'not_about_office' then 'bukan tentang kantor'
    end as label_name,
    opinion.comment_count,
    opinion.sampled_count,
    opinion.label_count,
    opinion.low_count,
    opinion.high_count,
    opinion.kappa_ratio
from {{ ref('fct_opinion_month') }} as opinion
left join {{ ref('rpt_office') }} as offices
    on opinion.month = offices.month
    and opinion.office_id = offices.office_id
where opinion.is_publishable
