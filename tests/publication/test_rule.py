"""`RULE.md`: a program written from it alone agrees, and needs each of its sentences."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ingest.home import Home
from orchestration.publication import evidence, finished_state, recompute
from orchestration.publication.month import read_month
from orchestration.publication.publish import Edition
from tests import worlds
from tests.models import Models
from tests.properties import examples
from tests.publication.test_recompute import keep_state
from tests.reference import Lake
from tests.stranger import cases, stranger

pytestmark = pytest.mark.xdist_group("rule")

RULES = Path(evidence.__file__).parent / "rule"
ENGLISH, INDONESIAN = (
    (RULES / name).read_text(encoding="utf-8") for name in ("RULE.md", "RULE.id.md")
)
SENTENCES = re.findall(r"^\*\*(\d+\.\d+)\*\*", ENGLISH, re.MULTILINE)
#: What a whole edition shows, and a lake by hand can't.
IN_EDITION = [sentence for sentence in SENTENCES if sentence.startswith("4.")]
#: What labels show, which stand beside the ranking.
OF_TONE = [sentence for sentence in SENTENCES if sentence.startswith("17.")]
_TONE = """month,office_id,label,comment_count,sampled_count,labelled_count,label_count,low_count,\
high_count,kappa_ratio,is_publishable
2025-08-01,kanwil-aceh,negative,200,60,60,18,41,82,0.7083,true
2025-08-01,kanwil-aceh,neutral,200,60,60,0,0,10,0.7083,true
2025-08-01,kanwil-aceh,positive,200,60,60,42,118,159,0.7083,true
"""
_AGREEMENT = """month,first_label,second_label,comment_count
2025-08-01,negative,negative,5
2025-08-01,negative,positive,1
2025-08-01,positive,negative,1
2025-08-01,positive,positive,7
"""
#: Intervals by scipy's hypergeometric distribution; kappa is (14 * 12 - 100) / (14 * 14 - 100).
TONE = {"opinion.csv": _TONE.encode(), "opinion_agreement.csv": _AGREEMENT.encode()}
Folder = Callable[[cases.Case], Path]


@pytest.fixture(scope="module")
def folder_of(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The evidence of a case, as the warehouse concludes it; made when it is first asked for."""
    made: dict[cases.Case, Path] = {}

    def make(case: cases.Case) -> Path:
        if case not in made:
            made[case] = tmp_path_factory.mktemp("evidence")
            for month, files in evidence_of(models, case()):
                if month == cases.MONTHS[case]:
                    write(files, made[case])
        return made[case]

    return make


def evidence_of(models: Models, lake: Lake) -> Iterator[tuple[date, dict[str, bytes]]]:
    """The months that a lake ranks, with the files of their evidence."""
    home = Home(models.home)
    with models.build(lake) as database:
        keep_state(home, database)
    ranked = finished_state.table(home, "rank_monthly").select("month").unique().collect()
    for month in ranked["month"].sort():
        yield month, evidence.evidence(read_month(home, month), {})


def write(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def test_a_stranger_agrees_with_an_edition(edition: Edition) -> None:
    words = [sys.executable, "-I", "-S", stranger.__file__, edition.path / "evidence"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no difference\n", "")


@settings(
    max_examples=examples(6),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(world=worlds.lakes())
def test_a_stranger_agrees_with_random_worlds(
    models: Models, tmp_path_factory: pytest.TempPathFactory, world: Lake
) -> None:
    for _, files in evidence_of(models, world):
        folder = tmp_path_factory.mktemp("evidence")
        write(files, folder)
        assert list(stranger.differences(stranger.Stranger(folder))) == []


@pytest.mark.parametrize("case", cases.MONTHS, ids=lambda case: case.__name__)
def test_three_agree(case: cases.Case, folder_of: Folder) -> None:
    folder = folder_of(case)
    assert list(stranger.differences(stranger.Stranger(folder))) == []
    assert list(recompute.faults_of_results(recompute.Evidence(folder))) == []


@pytest.fixture(scope="module")
def tone(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of an edition, with the labels of an office's comments."""
    folder = tmp_path_factory.mktemp("tone") / "evidence"
    shutil.copytree(edition.path / "evidence", folder)
    write(TONE, folder)
    return folder


def test_three_agree_on_tone(tone: Path) -> None:
    assert list(stranger.Stranger(tone).tone_complaints()) == []
    assert list(recompute.faults_of_tone(recompute.Evidence(tone))) == []


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        ("200,60,60,18,41,82", "200,60,60,17,39,80"),  # does not add up
        ("18,41,82", "18,40,82"),
        ("18,41,82", "18,41,83"),
        ("0.7083", "0.7084"),
        ("200,60,60,18", "200,60,59,18"),  # not all is labelled
    ],
)
def test_another_figure_of_tone_is_found(
    tone: Path, tmp_path: Path, told: str, instead: str
) -> None:
    folder = tmp_path / "evidence"
    shutil.copytree(tone, folder)
    rows = (folder / "opinion.csv").read_text()
    assert told in rows
    (folder / "opinion.csv").write_text(rows.replace(told, instead, 1))
    assert list(recompute.faults_of_tone(recompute.Evidence(folder)))
    assert list(stranger.Stranger(folder).tone_complaints())


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_needed(sentence: str, request: pytest.FixtureRequest) -> None:
    if sentence in IN_EDITION:
        folder = request.getfixturevalue("edition").path / "evidence"
        assert next(stranger.Stranger(folder, sentence).complaints(), None)
    elif sentence in OF_TONE:
        folder = request.getfixturevalue("tone")
        assert next(stranger.Stranger(folder, sentence).tone_complaints(), None)
    else:
        folder = request.getfixturevalue("folder_of")(cases.CASES[sentence])
        assert next(stranger.differences(stranger.Stranger(folder, sentence)), None)


def test_no_case_is_for_a_sentence_that_is_gone() -> None:
    assert {*cases.CASES, *IN_EDITION, *OF_TONE} == set(SENTENCES)


def test_sentences_are_numbered_without_a_gap() -> None:
    chapter, place = 2, 0
    for sentence in SENTENCES:
        own, number = map(int, sentence.split("."))
        chapter, place = (chapter, place + 1) if own == chapter else (chapter + 1, 1)
        assert (own, number) == (chapter, place)


def test_both_languages_say_the_same() -> None:
    english, indonesian = (
        [told(line) for block in text.split("\n\n") for line in lines(block)]
        for text in (ENGLISH, INDONESIAN)
    )
    for one, other in zip(english, indonesian, strict=True):
        assert one[:-1] == other[:-1], (one[-1], other[-1])


def lines(block: str) -> list[str]:
    """A table's rows, or a paragraph as one line."""
    return block.splitlines() if block.startswith("|") else [" ".join(block.splitlines())]


def told(line: str) -> tuple[Any, ...]:
    """Of which form a line is, its code words and its integers; and the line, for a person."""
    words = re.findall(r"`([^`]*)`", line)
    numbers = re.findall(r"\d+", re.sub(r"`[^`]*`", " ", line))
    form = re.match(r"#+|\||- |\*\*[\d.]+\*\*|", line)
    own = {"RULE.md", "RULE.id.md"}  # each names the other
    return form and form[0], sorted({*words} - own), sorted(numbers), line


def test_the_rule_names_every_file_and_column(edition: Edition) -> None:
    folder = edition.path / "evidence"
    tables = described()
    columns = {path.name: header(path) for path in folder.glob("*.csv")}
    assert {name: list(rows) for name, rows in tables.items() if name != "policies.json"} == columns
    rules = json.loads((folder / "policies.json").read_bytes())
    assert sorted(tables["policies.json"]) == sorted([*rules, *rules["policies"][0]])
    first_chapter = ENGLISH[ENGLISH.index("## 1.") : ENGLISH.index("## 2.")]
    named = set(re.findall(r"`([A-Za-z0-9_.*]+)`", first_chapter))
    files = {path.name for path in folder.iterdir()}
    assert {re.sub(r"^policy\..*\.yml$", "policy.*.yml", name) for name in files} == named


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def described() -> dict[str, dict[str, str]]:
    """Of each file the columns that `RULE.md` describes, in order, each with its type."""
    second = ENGLISH[ENGLISH.index("## 2.") : ENGLISH.index("## 3.")]
    found: dict[str, dict[str, str]] = {}
    for part in second.split("\n### ")[1:]:
        columns: dict[str, str] = {}
        for row in re.findall(r"^\| (`.*?) \| (.*?) \|", part, re.MULTILINE):
            names, types = re.findall(r"`([^`]+)`", row[0]), row[1].split(", ")
            columns |= dict(zip(names, types * len(names), strict=False))
        found[part.split("`")[1]] = columns
    return found


FORMS: dict[str, Callable[[str], object]] = {
    "text": str,
    "number": int,
    "decimal": Decimal,
    "yes or no": {"true": True, "false": False}.__getitem__,
    "day": date.fromisoformat,
    "instant": stranger.instant_of,
}


def test_cells_are_of_the_types_that_the_rule_names(edition: Edition) -> None:
    for name, columns in described().items():
        if name.endswith(".csv"):
            with (edition.path / "evidence" / name).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    for column, cell in row.items():
                        assert not cell or FORMS[columns[column]](cell) is not None
