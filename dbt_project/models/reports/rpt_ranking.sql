-- The rankings in force. The month before is compared as the bulletin does: under the same file of
-- the same policy, and an office has moved where its likely ranks of the two months do not overlap
-- and none of its exports is missing in either; it surely stayed where both are one and the same.
with rankings as (
    select
        *,
        12 * extract(year from month) + extract(month from month) as month_index
    from {{ ref('rank_monthly') }}
)

select
    mine.month,
    mine.policy_id,
    policies.title,
    mine.league,
    case mine.league
        when 'kanwil' then 'Kantor Wilayah'
        when 'unit_utama' then 'Unit Utama'
        when 'upt' then 'Unit Pelaksana Teknis'
        else mine.league
    end as league_name,
    mine.category,
    case mine.category
        when 'active' then 'Akun Teraktif'
        when 'popular' then 'Akun Terpopuler'
    end as category_name,
    mine.office_id,
    offices.office_name,
    offices.office_short_name,
    mine.rank,
    mine.rank_likely_best,
    mine.rank_likely_worst,
    mine.rank_best,
    mine.rank_worst,
    earlier.rank as previous_rank,
    case
        when
            mine.is_complete
            and earlier.is_complete
            and (
                mine.rank_likely_best > earlier.rank_likely_worst
                or earlier.rank_likely_best > mine.rank_likely_worst
                or (
                    mine.rank = earlier.rank
                    and mine.rank_likely_best = mine.rank_likely_worst
                    and earlier.rank_likely_best = earlier.rank_likely_worst
                )
            )
            then earlier.rank - mine.rank
    end as places_gained_count,
    mine.score,
    mine.score_likely_low,
    mine.score_likely_high,
    mine.score_low,
    mine.score_high,
    mine.post_count,
    {%- for grade in ['exact', 'interpolated', 'late', 'early', 'none'] %}
    cast(floor(100 * mine.{{ grade }}_score / nullif(mine.score, 0)) as integer)
        as {{ grade }}_percent,
    {%- endfor %}
    mine.complete_account_count,
    mine.partial_account_count,
    mine.missing_account_count,
    mine.is_complete,
    case when mine.is_complete then 'lengkap' else 'belum lengkap' end as completeness_name,
    states.coverage_percent,
    states.evidence_percent,
    states.is_complete as is_month_complete
from rankings as mine
inner join {{ ref('dim_policy') }} as policies
    on mine.policy_id = policies.policy_id
left join {{ ref('rank_month_state') }} as states
    on mine.policy_id = states.policy_id
    and mine.month = states.month
left join {{ ref('rpt_office') }} as offices
    on mine.month = offices.month
    and mine.office_id = offices.office_id
left join rankings as earlier
    on mine.month_index = earlier.month_index + 1
    and mine.policy_id = earlier.policy_id
    and mine.policy_sha256 = earlier.policy_sha256
    and mine.league = earlier.league
    and mine.category = earlier.category
    and mine.office_id = earlier.office_id
    and earlier.rank_likely_best is not null
where mine.is_official
