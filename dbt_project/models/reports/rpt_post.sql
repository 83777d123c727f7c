-- The posts that count under the policy in force, each once.
select
    posts.month,
    posts.local_date,
    posts.local_hour,
    posts.weekday_number,
    posts.post_key,
    posts.platform,
    posts.platform_name,
    posts.post_id,
    posts.permalink,
    posts.post_type,
    posts.account_id,
    posts.handle,
    posts.account_name,
    posts.office_id,
    offices.office_name,
    offices.office_short_name,
    posts.league,
    case posts.league
        when 'kanwil' then 'Kantor Wilayah'
        when 'unit_utama' then 'Unit Utama'
        when 'upt' then 'Unit Pelaksana Teknis'
        else posts.league
    end as league_name,
    posts.published_at,
    posts.value,
    posts.value_likely_low,
    posts.value_likely_high,
    posts.value_low,
    posts.value_high,
    posts.grade,
    case posts.grade
        when 'exact' then 'tepat waktu'
        when 'interpolated' then 'dari dua ekspor'
        when 'late' then 'ekspor terlambat'
        when 'early' then 'ekspor terlalu dini'
        when 'none' then 'tanpa hitungan'
    end as grade_name,
    posts.counted_at,
    posts.view_count,
    posts.like_count,
    posts.comment_count,
    posts.share_count,
    posts.save_count
from {{ ref('obt_post_month') }} as posts
left join {{ ref('rpt_office') }} as offices
    on posts.month = offices.month
    and posts.office_id = offices.office_id
where posts.is_official and posts.is_counted
