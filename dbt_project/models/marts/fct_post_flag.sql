-- What stands out in counted posts under the policy in force, with its size; told, never used to
-- leave a post out. What is captured after the cut-off flags nothing, and a post is compared with
-- earlier ones only, so that a closed month's flags stay as they were.
{% set threshold = {'outstanding': 4, 'late_burst': 2} %}
{% set least_deviation = 0.5 %}
with signs as (
    select * from {{ ref('int_post_signs') }}
),

-- Each post's value on a scale of logarithms, on which few large numbers do not decide what is
-- usual. What was seen early only is lower than it was, so it tells nothing of what is usual.
scaled as (
    select
        post_values.policy_id,
        post_values.account_id,
        posts.post_key,
        coalesce(posts.published_at, posts.published_date) as published_at,
        ln(1 + post_values.value) as log_value,
        case when post_values.grade <> 'early' then ln(1 + post_values.value) end as usual_log_value
    from {{ ref('int_post_values') }} as post_values
    inner join {{ ref('int_posts') }} as posts
        on post_values.post_number = posts.post_number
        and post_values.post_month = posts.post_month
    where post_values.reason = 'counted' and not post_values.is_neighbouring
),

compared as (
    select
        policy_id,
        account_id,
        post_key,
        log_value,
        usual_log_value,
        row_number() over account_posts as position,
        count(usual_log_value) over last_hundred as earlier_count,
        {{ median_over('usual_log_value', 'last_hundred') }} as usual
    from scaled
    window
        account_posts as (partition by policy_id, account_id order by published_at, post_key),
        last_hundred as (
            partition by policy_id, account_id
            order by published_at, post_key
            rows between 100 preceding and 1 preceding
        )
),

-- Nothing nearer to what is usual can stand out, since the deviation counts as 0.5 at least. How
-- far the hundred lie apart is worked out for the few others only; for each post it took seconds.
high as (
    select *
    from compared
    where
        earlier_count >= 10
        and log_value - usual > {{ threshold['outstanding'] }} * {{ least_deviation }}
),

-- The robust z: 1.4826 makes the deviation that of a normal distribution, and below 0.5 small
-- differences would stand out where an account's posts are much alike.
outstanding as (
    select
        high.policy_id,
        high.post_key,
        cast(
            round(
                (high.log_value - high.usual) / greatest(
                    1.4826 * {{ median_of('abs(earlier.usual_log_value - high.usual)') }},
                    {{ least_deviation }}
                ),
                2
            ) as decimal(18, 2)
        ) as size
    from high
    inner join compared as earlier
        on high.policy_id = earlier.policy_id
        and high.account_id = earlier.account_id
        and earlier.position between high.position - 100 and high.position - 1
    where earlier.usual_log_value is not null
    group by high.policy_id, high.post_key, high.log_value, high.usual
),

vanished as (
    select distinct post_key
    from {{ ref('fct_flag') }}
    where flag = 'post_vanished'
),

-- Pairs of posts of an account with the same text. Those known to the day only tell no order.
repeated as (
    select
        later.policy_id,
        later.post_key,
        earlier.post_key as earlier_post_key,
        {{ dbt.datediff('earlier.published_at', 'later.published_at', 'second') }}
            as second_count,
        vanished.post_key is not null and earlier.last_seen_at < later.published_at as is_vanished
    from signs as later
    inner join signs as earlier
        on later.account_id = earlier.account_id
        and later.caption_hash = earlier.caption_hash
        and later.published_at > earlier.published_at
    left join vanished
        on earlier.post_key = vanished.post_key
),

repeats as (
    select
        'same_text_after_vanishing' as flag,
        policy_id,
        post_key,
        earlier_post_key,
        second_count
    from repeated
    where is_vanished
    union all
    select
        'same_text_within_day' as flag,
        policy_id,
        post_key,
        earlier_post_key,
        second_count
    from repeated
    where second_count <= 86400
),

-- Beside the one before it.
nearest_repeats as (
    select
        *,
        row_number() over (
            partition by flag, policy_id, post_key order by second_count, earlier_post_key
        ) as position
    from repeats
),

flags as (
    select
        'outstanding' as flag,
        policy_id,
        post_key,
        size,
        cast(null as {{ dbt.type_string() }}) as earlier_post_key
    from outstanding
    where size > {{ threshold['outstanding'] }}
    union all
    {%- for flag, size, condition in [
        ('interactions_above_views', 'excess_over_views', 'excess_over_views > 0'),
        ('interactions_above_reach', 'excess_over_reach', 'excess_over_reach > 0'),
        ('counter_fell', 'lost_part / 10000', 'lost_part > 0'),
        ('late_burst', 'burst_ratio', 'burst_ratio > ' ~ threshold['late_burst']),
    ] %}
    select
        '{{ flag }}' as flag,
        policy_id,
        post_key,
        cast(round({{ size }}, 2) as decimal(18, 2)) as size,
        cast(null as {{ dbt.type_string() }}) as earlier_post_key
    from signs
    where {{ condition }}
    union all
    {%- endfor %}
    select
        'post_vanished' as flag,
        signs.policy_id,
        signs.post_key,
        cast(null as decimal(18, 2)) as size,
        cast(null as {{ dbt.type_string() }}) as earlier_post_key
    from signs
    inner join vanished
        on signs.post_key = vanished.post_key
    union all
    select
        flag,
        policy_id,
        post_key,
        cast(round(second_count / 3600, 2) as decimal(18, 2)) as size,
        earlier_post_key
    from nearest_repeats
    where position = 1
)

select
    signs.policy_id,
    signs.month,
    signs.league,
    signs.office_id,
    signs.account_id,
    flags.flag,
    flags.post_key,
    flags.size,
    flags.earlier_post_key,
    coalesce(signs.value, 0) as value
from flags
inner join signs
    on flags.policy_id = signs.policy_id and flags.post_key = signs.post_key
