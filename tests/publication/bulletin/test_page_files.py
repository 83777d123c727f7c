"""Pages on the disk: the call and the asset that make them, and that they change no edition."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from ingest.home import Home
from orchestration.assets.bulletin import bulletin_asset
from orchestration.assets.editions import months_of_editions
from orchestration.publication import editions
from orchestration.publication.bulletin import page_files
from orchestration.publication.editions import DamagedEdition, Edition
from orchestration.publication.formats import json_bytes
from orchestration.resources import HomeResource
from tests.conftest import Kurasi


@pytest.fixture
def published(edition: Edition, tmp_path: Path) -> Home:
    """A home with one edition, to make pages in."""
    home = tmp_path / "home"
    shutil.copytree(edition.path.parents[2], home)
    return Home(home)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_call_writes_pages_beside_the_edition_and_again_the_same(
    published: Home, kurasi: Kurasi
) -> None:
    (made,) = editions.editions(published)
    before = contents(made.path)
    done = kurasi(published.root, "--json", "bulletin", "--month", "2025-08")
    assert done.code == 0, done.err
    folder = Path(done.json["path"])
    assert folder == made.path.parent / "2025-08-provisional-1.bulletin"
    offices = {row["office_id"] for row in page_files.document(made, "id")["cards"]}
    assert set(done.json["files"]) == contents(folder).keys()
    assert {"buletin.pdf", "buletin.html", *(f"kartu/{o}.pdf" for o in offices)} <= set(
        done.json["files"]
    )
    first = contents(folder)
    list(page_files.write_pages(published, made, "id"))
    assert contents(folder) == first
    # A folder of pages is no edition, and the edition is as it was.
    assert editions.editions(published) == [made]
    assert contents(made.path) == before


def test_a_mistake_gets_one_line(published: Home, kurasi: Kurasi) -> None:
    named = ("--month", "2025-08", "--edition", "2025-08-final-9")
    refused = kurasi(published.root, "bulletin", *named)
    assert refused.code == 2
    assert refused.err.count("\n") == 1
    assert "no edition 2025-08-final-9 in 2025-08; there are 2025-08-provisional-1" in refused.err


def test_an_edition_of_a_former_format_says_what_to_do(published: Home) -> None:
    (made,) = editions.editions(published)
    path = made.path / "manifest.json"
    manifest = json.loads(path.read_bytes())
    files = {name: entry for name, entry in manifest["files"].items() if "bulletin." not in name}
    path.write_bytes(json_bytes(manifest | {"files": files}))
    with pytest.raises(page_files.NoBulletin, match="publish 2025-08 again with --reason"):
        page_files.document(replace(made, format=3), "id")


def test_no_page_is_made_of_a_document_that_was_changed(published: Home) -> None:
    (made,) = editions.editions(published)
    path = made.path / "bulletin.json"
    path.write_bytes(path.read_bytes().replace(b'"rank": 1', b'"rank": 2', 1))
    with pytest.raises(DamagedEdition):
        page_files.document(made, "id")


def test_the_asset_shows_the_pages(published: Home) -> None:
    bulletin = bulletin_asset(months_of_editions("2025-01", "Asia/Jakarta"))
    result = dg.materialize(
        [dg.AssetSpec("edition"), bulletin],
        selection=[bulletin],
        partition_key="2025-08",
        resources={"home": HomeResource(root=str(published.root))},
    )
    (event,) = result.get_asset_materialization_events()
    metadata = event.step_materialization_data.materialization.metadata
    assert metadata["edition"].value == "2025-08-provisional-1"
    pictures = str(metadata["pages"].value).split("\n\n")
    assert len(pictures) >= 2
    for picture in pictures:
        _, _, encoded = picture.removesuffix(")").partition("base64,")
        assert base64.b64decode(encoded).startswith(b"\x89PNG")
    assert Path(str(metadata["path"].value), "buletin.pdf").is_file()
