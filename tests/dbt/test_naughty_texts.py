"""Texts that break careless readers: from the bytes of an export to the mart, to the character.

The exports are written and ingested as any other; what reads the lake is the warehouse's own SQL.
"""

from __future__ import annotations

import html
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.pipeline import ingest
from ingest.sample import FIXTURES_BY_KIND, FORMATS, Export, ExportFormat, encode, sheet
from tests.ingest import truths
from tests.ingest.exports import NOON, deliver, ledger
from tests.ingest.naughty import NAUGHTY
from tests.lakes import lake
from tests.models import Models

#: One format of each kind and locale that has captions.
CHOSEN = {
    f"{kind} {each.locale}": each
    for kind, formats in FORMATS.items()
    for each in formats
    # No spreadsheet can hold all of these texts.
    if "time" in each.fields and each.file_type == "csv"
}


def naughty_export(export_format: ExportFormat, first: int) -> Export:
    """A post for every naughty text, as its caption, as its account's name and in its type."""
    facts = truths.fixed_facts(FIXTURES_BY_KIND[export_format.kind])
    (example, *_), owners, posts = facts.posts, {}, []
    for serial, text in enumerate(NAUGHTY, start=first):
        owner = facts.owner._replace(account_id=str(serial), name=text)
        if owner.platform_account_id:
            owner = owner._replace(platform_account_id=str(17841400000000000 + serial))
        at = example.published_at + timedelta(minutes=serial)
        post = replace(example, account=owner.account_id, text=text, published_at=at)
        posts.append(truths.with_ids(post, owner, serial))
        owners[owner.account_id] = owner
    exported = facts.export(export_format)
    return replace(exported, owners=owners, posts=tuple(posts))


def typed(export: Export) -> list[list[str]]:
    """The sheet of an export, with the captions as types of posts too, where it tells types."""
    table = sheet(export)
    for place, (_, name) in enumerate(export.columns):
        if name == "type":
            for record, post in zip(table[1:], export.posts, strict=True):
                record[place] = post.text
    return table


@pytest.fixture(scope="module")
def exports() -> dict[str, Export]:
    return {
        name: naughty_export(each, first=1 + number * len(NAUGHTY))
        for number, (name, each) in enumerate(CHOSEN.items())
    }


def test_every_text_comes_through_to_the_mart_unchanged(
    exports: dict[str, Export], models: Models, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    expected = set()
    for name, export in exports.items():
        deliver(home, f"{name}.csv", encode(typed(export), export.format), NOON)
        columns = {field for _, field in export.columns}
        for post in export.posts:
            caption = html.escape(post.text, quote=False) if "escaped" in columns else post.text
            has_type = "type" in columns
            named, type_ = post.text if "name" in columns else None, post.text if has_type else None
            expected.add((post.platform, post.post_id, caption, named, type_))
    ingest(home)
    assert {(row["status"], row["rejected_count"]) for row in ledger(home)} == {("loaded", 0)}
    folder = models.write(lake(accounts=()))
    for name in ("observations", "contents"):
        shutil.copytree(home.lake / name, folder / name, dirs_exist_ok=True)
    shutil.copy(home.table("deliveries"), folder / "deliveries.parquet")
    with models.run() as database:
        found = database.execute(
            "select platform, post_id, caption, account_name, post_type from dim_post"
        ).fetchall()
    assert len(found) == len(exports) * len(NAUGHTY)
    assert set(found) == expected
