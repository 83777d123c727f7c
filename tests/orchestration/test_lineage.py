"""Which columns a model's are made of, against answers found by reading the SQL."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.lineage import Lineage, lineage_of

_POSTS = "read_parquet('../lake/posts.parquet', hive_partitioning = true)"


def lineage_of_sql(sql: str, *columns: str) -> Lineage:
    """Of one model that reads a source and a model."""

    def node(name: str, names: tuple[str, ...], **others: Any) -> dict[str, Any]:
        described = {each: {"data_type": None} for each in names}
        return {"name": name, "columns": described, "relation_name": name, **others}

    offices = node("offices", ("office_id", "league"), resource_type="seed")
    model = node(
        "counted",
        columns,
        resource_type="model",
        compiled_code=sql,
        depends_on={"nodes": ["source.kurasi.lake.posts", "model.kurasi.offices"]},
    )
    posts = node("posts", ()) | {"relation_name": _POSTS}
    return lineage_of(
        {
            "nodes": {"model.kurasi.offices": offices, "model.kurasi.counted": model},
            "sources": {"source.kurasi.lake.posts": posts},
        }
    )


def test_a_column_is_made_of_those_that_it_computes_with() -> None:
    found = lineage_of_sql(
        f"""
        with known as (select * from offices where league <> 'none')
        select
            known.office_id as office,
            sum(coalesce(posts.likes, 0) + posts.shares) as value,
            count(*) as post_count,
            'all' as kind
        from {_POSTS} as posts
        inner join known on posts.office = known.office_id
        group by known.office_id
        """,
        "office",
        "value",
        "post_count",
        "kind",
    )
    posts = "source.kurasi.lake.posts"
    assert found == {
        "model.kurasi.counted": {
            "office": [["model.kurasi.offices", "office_id"]],
            "value": [[posts, "likes"], [posts, "shares"]],
            "post_count": [],
            "kind": [],
        }
    }


def test_a_model_that_cannot_be_read_is_told_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert lineage_of_sql("select office_id from (offices", "office_id") == {}
    assert "no lineage of counted" in caplog.text
