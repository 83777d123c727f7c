-- What looks wrong and is shown, never smoothed.
with observed as (
    select
        *,
        {% for counter in ['like', 'comment', 'share', 'save'] %}
        max({{ counter }}_count) over earlier as earlier_{{ counter }}_count,
        {% endfor %}
        max(captured_at) over earlier as earlier_captured_at
    from {{ ref('int_observations') }}
    window earlier as (
        partition by post_key order by captured_at
        range between unbounded preceding and interval 1 second preceding
    )
)

select
    'capture_before_publication' as flag,
    post_key,
    observation_id,
    'captured ' || cast(captured_at as varchar) || ', published '
    || cast(coalesce(published_at, published_date) as varchar) as detail
from {{ ref('int_observations') }}
where captured_at < coalesce(published_at, published_date)

union all

select
    'counter_fell' as flag,
    post_key,
    observation_id,
    {% for counter in ['like', 'comment', 'share', 'save'] -%}
    case
        when {{ counter }}_count < earlier_{{ counter }}_count
            then '{{ counter }} ' || earlier_{{ counter }}_count || ' to ' || {{ counter }}_count || '; '
        else ''
    end{{ " || " if not loop.last }}
    {%- endfor %} as detail
from observed
where
    {% for counter in ['like', 'comment', 'share', 'save'] -%}
    {{ counter }}_count < earlier_{{ counter }}_count{{ " or " if not loop.last }}
    {%- endfor %}

union all

select
    'printed_time_far_from_id' as flag,
    post_key,
    cast(null as varchar) as observation_id,
    'printed ' || cast(printed_at as varchar) || ', ID ' || cast(id_at as varchar) as detail
from {{ ref('int_posts') }}
where abs({{ seconds_between('printed_at', 'id_at') }}) > 7200

union all

select
    'account_disputed' as flag,
    post_key,
    cast(null as varchar) as observation_id,
    'its rows name different accounts; the earliest capture decides' as detail
from {{ ref('int_posts') }}
where is_account_disputed
