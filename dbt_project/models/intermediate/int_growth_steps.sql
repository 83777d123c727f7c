-- The growth curves as steps: from one of their rows to the next, between which a curve is linear.
-- After the last row it stays as it is.
with numbered as (
    select
        policy_id,
        platform,
        hours * 3600 as first_second,
        lead(hours) over by_hour * 3600 as next_second,
        {%- for column in ['low', 'typical', 'high'] %}
        {{ column }},
        coalesce(lead({{ column }}) over by_hour, {{ column }}) - {{ column }} as {{ column }}_rise
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref('stg_policy_growth') }}
    window by_hour as (partition by policy_id, platform order by hours)
)

select
    policy_id,
    platform,
    first_second,
    next_second,
    coalesce(next_second - first_second, 1) as second_count,
    low,
    low_rise,
    typical,
    typical_rise,
    high,
    high_rise
from numbered
