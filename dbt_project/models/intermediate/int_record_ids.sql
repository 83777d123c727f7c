-- The IDs in the records of the changed months: a tenth of the records, so that whose post each
-- is (`int_post_ids`) and what they touch (`int_months`) is found without them.
select
    row_month,
    platform,
    post_id,
    alias_id,
    is_alias_only,
    -- The most precise publication is first, then the earliest.
    min(
        {{ precision_rank('published_precision') }} * 1000000000000
        + {{ dbt.datediff(
            "timestamp '1970-01-01'", 'coalesce(published_at, published_date)', 'second'
        ) }}
    ) as publication_order
from {{ ref('int_records') }}
where row_month in (select row_month from {{ ref('int_month_inputs') }} where is_changed)
group by row_month, platform, post_id, alias_id, is_alias_only
