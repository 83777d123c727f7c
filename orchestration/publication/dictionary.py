"""What tables and columns mean, in English and Indonesian, from the models' own descriptions.

What belongs here: reading the doc blocks of `dbt_project/models/`, and the pages made of them. What
does not: the meanings themselves, which stand beside the models: a column's English one in
`columns.md`, a table's in the YAML file beside it, the Indonesian ones of both in `columns_id.md`.

    python -m orchestration.publication.dictionary    writes docs/data-dictionary.{en,id}.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.storage import write_bytes
from orchestration.publication.month import AT_HOME, BESIDE, TABLES
from orchestration.shipped import DBT_PROJECT, ROOT

MODELS = DBT_PROJECT / "models"
_LAYERS = ("marts", "ranking", "reports")
_BLOCK = re.compile(r"{% docs (\w+) %}\n(.*?)\n{% enddocs %}", re.DOTALL)
_REFERENCE = re.compile(r"""^{{ doc\('(\w+)'\) }}$""")

LANGUAGES = ("en", "id")
_WORDS = {
    "en": {
        "title": "Data dictionary",
        "intro": "What each table and column for readers means. Made by `make dictionary` from the "
        "descriptions of the models; change those. Bahasa Indonesia: "
        "[data-dictionary.id.md](data-dictionary.id.md).",
        "published": "Published with editions",
        "reports": "For BI, in `published/current` only",
        "home": "In a home's `warehouse/current` only",
        "private": "Not published.",
        "header": "| column | type | meaning |",
    },
    "id": {
        "title": "Kamus data",
        "intro": "Arti setiap tabel dan kolom bagi pembaca. Dibuat oleh `make dictionary` dari "
        "keterangan model; ubahlah di sana. English: "
        "[data-dictionary.en.md](data-dictionary.en.md).",
        "published": "Diterbitkan bersama edisi",
        "reports": "Untuk BI, hanya pada `published/current`",
        "home": "Hanya pada `warehouse/current` di dalam home",
        "private": "Tidak diterbitkan.",
        "header": "| kolom | tipe | arti |",
    },
}


@cache
def blocks() -> dict[str, str]:
    """Every doc block by its name; Indonesian ones end in `__id`."""
    files = sorted(MODELS.glob("*.md"))
    return {
        name: " ".join(text.split())
        for path in files
        for name, text in _BLOCK.findall(path.read_text("utf-8"))
    }


def indonesian(name: str) -> str:
    """What a table or a column means in Indonesian; empty where nobody wrote it."""
    return blocks().get(f"{name}__id", "")


@cache
def tables() -> dict[str, dict[str, Any]]:
    """The models for readers as their YAML files describe them: those of editions come first, then
    the reports."""
    files = [path for layer in _LAYERS for path in MODELS.glob(f"{layer}/*.yml")]
    models = [
        model for path in files for model in yaml.safe_load(path.read_text("utf-8"))["models"]
    ]
    found = {model["name"]: model for model in models}
    others = sorted(found.keys() - TABLES.keys(), key=lambda name: (not _is_report(name), name))
    return {name: found[name] for name in (*TABLES, *others)}


def _is_report(name: str) -> bool:
    return name.startswith("rpt_")


def meanings(language: str = "en") -> dict[str, dict[str, str]]:
    """What tables and columns for readers mean: table to `{"": its own, column: …}`."""
    found = {}
    for name, model in tables().items():
        is_english = language == "en"
        own = " ".join(model["description"].split()) if is_english else indonesian(name)
        found[name] = {"": own}
        for column in model["columns"]:
            block = _block(column)
            found[name][column["name"]] = blocks()[block] if is_english else indonesian(block)
    return found


def page(language: str) -> str:
    """The whole dictionary as markdown."""
    words = _WORDS[language]
    return "\n".join([f"# {words['title']}", "", words["intro"], *_sections(language)]) + "\n"


def _sections(language: str) -> Iterator[str]:
    words = _WORDS[language]
    heading = None
    told = meanings(language)
    for name, model in tables().items():
        part = words[_part(name)]
        if part != heading:
            heading = part
            yield f"\n## {part}"
        yield f"\n### {name}\n"
        yield told[name][""]
        yield f"\n{words['header']}\n|---|---|---|"
        for column in model["columns"]:
            meaning = told[name][column["name"]].replace("|", "\\|")
            is_of_posts = name in TABLES and name not in BESIDE
            if is_of_posts and column["name"] in AT_HOME:
                meaning += f" {words['private']}"
            yield f"| `{column['name']}` | {column['data_type']} | {meaning} |"


def _part(name: str) -> str:
    """Where a table is read."""
    if name in TABLES:
        return "published"
    return "reports" if _is_report(name) else "home"


def _block(column: dict[str, Any]) -> str:
    """The doc block that says what a column means."""
    reference = _REFERENCE.match(column["description"])
    if reference is None:
        raise ValueError(f"{column['name']}: describe it by a doc block of columns.md")
    return reference[1]


def path(language: str) -> Path:
    """Where the dictionary stands."""
    return ROOT / "docs" / f"data-dictionary.{language}.md"


if __name__ == "__main__":
    for each in LANGUAGES:
        write_bytes(path(each), page(each).encode())
