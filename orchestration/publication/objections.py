"""Objections: what offices say of a month, kept with deadline, state and answer.

What belongs here: how an objection is kept in a home, which of them an edition tells, and what of
one is erased. What does not: whether a claim holds (`reconcile.py`), and words for the terminal.

    archive/objections/<objection_id>/
        filed.json  the office, dates, who filed it and in what words, and how many claims came out
        claims      the list as it was handed in; result.json: its outcome, line by line
        answer-1.json, answer-2.json, …   each answer; the last one holds
        erased.json what stays of an objection that was erased; all else in the folder is gone

Nothing is ever changed: an answer is a new file. An edition tells numbers and states, no names and
no words of people.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

import polars as pl
import pydantic

from ingest import storage
from ingest.home import Home
from orchestration.publication.editions import Edition
from orchestration.publication.formats import json_bytes

#: A policy says nothing of deadlines; without one an objection is to be answered so many days on.
DEADLINE_DAYS = 14
#: How an objection is settled: as the office said, in part, not; or the office took it back.
Settled = Literal["accepted", "partly", "rejected", "withdrawn"]
SETTLED: tuple[Settled, ...] = ("accepted", "partly", "rejected", "withdrawn")
OPEN = "open"
#: What an edition tells of an objection.
TOLD = {
    "objection_id": pl.String,
    "office_id": pl.String,
    "filed_date": pl.Date,
    "deadline_date": pl.Date,
    "outcome": pl.String,
    "answered_date": pl.Date,
    "answer_number": pl.Int64,
    "claim_count": pl.Int64,
    "reasons": pl.String,
}
_ID = re.compile(r"\d{4}-\d{2}-objection-\d+")
_CHECKSUM = "checksum"

Model = TypeVar("Model", bound=pydantic.BaseModel)


class NoObjection(Exception):
    """What is named is no objection, or one that can't be changed so; the text says what to do."""


class Filed(pydantic.BaseModel):
    """An objection as it was filed."""

    model_config = pydantic.ConfigDict(extra="forbid")

    objection_id: str
    #: As `2025-08`.
    month: str
    office_id: str
    filed_date: date
    deadline_date: date
    #: Who filed it and in what words; null where that was not said.
    by: str | None
    text: str | None
    #: The list's name as it was handed in, and its hash; null where there was none.
    claims_name: str | None
    claims_sha256: str | None
    #: What the list was held against.
    edition_id: str | None
    policy_id: str | None
    claim_count: int
    #: How many claims have which reason.
    reasons: dict[str, int]


class Answer(pydantic.BaseModel):
    """One answer to an objection."""

    model_config = pydantic.ConfigDict(extra="forbid")

    state: Settled
    answered_date: date
    text: str | None
    by: str | None


class Erased(pydantic.BaseModel):
    """What stays of an objection that was erased: that there was one, and what became of it."""

    model_config = pydantic.ConfigDict(extra="forbid")

    objection_id: str
    erased_date: date
    reason: str
    erased_by: str
    filed: Filed
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection with its answers, the last of which holds."""

    filed: Filed
    answers: list[Answer] = field(default_factory=list)
    erased: Erased | None = None

    @property
    def state(self) -> str:
        """`open`, or how it was settled."""
        return self.answers[-1].state if self.answers else OPEN

    def document(self) -> dict[str, Any]:
        """As the interface has it."""
        last = self.answers[-1] if self.answers else None
        kept = self.filed.model_dump(mode="json")
        return {
            **kept,
            "state": self.state,
            "answered_date": str(last.answered_date) if last else None,
            "answer": last.text if last else None,
            "answered_by": last.by if last else None,
            "erased_date": str(self.erased.erased_date) if self.erased else None,
        }


@dataclass(frozen=True, slots=True)
class NewObjection:
    """What an office hands in."""

    month: str
    office_id: str
    filed_date: date
    deadline_date: date | None = None
    by: str | None = None
    text: str | None = None
    #: The list's name and bytes, and what became of its lines (`Reconciliation`).
    claims: tuple[str, bytes] | None = None
    outcome: dict[str, Any] | None = None
    reasons: dict[str, int] = field(default_factory=dict)


def add(home: Home, new: NewObjection) -> Objection:
    """Keep an objection.

    Raises:
        NoObjection: it says nothing, or its deadline is before it was filed.
        HomeIsBusy: another process keeps one.
    """
    if not (new.text or new.claims):
        raise NoObjection("an objection needs --claims FILE, --text TEXT or both")
    deadline = new.deadline_date or new.filed_date + timedelta(days=DEADLINE_DAYS)
    if deadline < new.filed_date:
        raise NoObjection(f"the deadline {deadline} is before {new.filed_date}, the date of filing")
    name, content = new.claims or (None, None)
    outcome = new.outcome or {}
    with storage.exclusive(home, "objections"):
        filed = Filed(
            objection_id=_next_id(home, new.month),
            month=new.month,
            office_id=new.office_id,
            filed_date=new.filed_date,
            deadline_date=deadline,
            by=new.by,
            text=new.text,
            claims_name=name,
            claims_sha256=hashlib.sha256(content).hexdigest() if content else None,
            edition_id=outcome.get("edition_id"),
            policy_id=outcome.get("policy_id"),
            claim_count=sum(new.reasons.values()),
            reasons=new.reasons,
        )
        building = home.objections / ".building"
        shutil.rmtree(building, ignore_errors=True)
        storage.write_bytes(building / "filed.json", _sealed(filed))
        if content is not None:
            storage.write_bytes(building / "claims", content)
            storage.write_bytes(building / "result.json", json_bytes(outcome))
        storage.name_folder(building, home.objections / filed.objection_id)
    return Objection(filed)


def answer(home: Home, objection_id: str, new: Answer) -> Objection:
    """Answer an objection; a later answer holds in the place of an earlier one.

    Raises:
        NoObjection: there is none of that ID, or it was erased.
        DamagedArchive: it is not as it was written.
        HomeIsBusy: another process keeps one.
    """
    with storage.exclusive(home, "objections"):
        known = _find(home, objection_id)
        if known.erased:
            raise NoObjection(f"{objection_id} was erased and can't be answered any more")
        if new.answered_date < known.filed.filed_date:
            raise NoObjection(
                f"{new.answered_date} is before {known.filed.filed_date}, when it was filed"
            )
        number = len(known.answers) + 1
        folder = home.objections / objection_id
        storage.write_bytes(folder / f"answer-{number}.json", _sealed(new))
        return Objection(known.filed, [*known.answers, new])


def erase(home: Home, objection_id: str, reason: str, by: str, today: date) -> Objection:
    """Erase what people said in an objection: names, words and the list; that it was stays.

    What stays is written first, and nothing else is read from then on. After an interruption the
    same call removes the rest.

    Raises:
        NoObjection: there is none of that ID.
        DamagedArchive: it is not as it was written.
        HomeIsBusy: another process keeps one.
    """
    with storage.exclusive(home, "objections"):
        known = _find(home, objection_id)
        folder = home.objections / objection_id
        if known.erased is None:
            nameless = {"by": None, "text": None}
            erased = Erased(
                objection_id=objection_id,
                erased_date=today,
                reason=reason,
                erased_by=by,
                filed=known.filed.model_copy(update={**nameless, "claims_name": None}),
                answers=[each.model_copy(update=nameless) for each in known.answers],
            )
            storage.write_bytes(folder / "erased.json", _sealed(erased))
        for path in folder.iterdir():
            if path.name != "erased.json":
                path.unlink()
        return _read(folder)


def objections(home: Home, month: str | None = None) -> list[Objection]:
    """The objections of a month (`2025-08`), or all, in the order in which they were kept.

    Raises:
        DamagedArchive: one is not as it was written.
    """
    found = [_read(folder) for folder in _folders(home)]
    return [each for each in found if month in (None, each.filed.month)]


def damaged(home: Home) -> Iterator[storage.DamagedArchive]:
    """The objections that are not as they were written, each with what to do."""
    for folder in _folders(home):
        try:
            _read(folder)
        except storage.DamagedArchive as problem:
            yield problem


def untold(home: Home, month: str, earlier: Iterable[Edition]) -> pl.DataFrame:
    """The answers of a month that none of its earlier editions tells, as an edition tells them.

    Raises:
        DamagedArchive: an objection is not as it was written.
    """
    told = {
        (row["objection_id"], row["answer_number"])
        for edition in earlier
        for row in read_told(edition.path).iter_rows(named=True)
    }
    rows = [
        {
            "objection_id": each.filed.objection_id,
            "office_id": each.filed.office_id,
            "filed_date": each.filed.filed_date,
            "deadline_date": each.filed.deadline_date,
            "outcome": each.state,
            "answered_date": each.answers[-1].answered_date,
            "answer_number": len(each.answers),
            "claim_count": each.filed.claim_count,
            "reasons": " ".join(f"{name}={count}" for name, count in each.filed.reasons.items()),
        }
        for each in objections(home, month)
        if each.answers and (each.filed.objection_id, len(each.answers)) not in told
    ]
    return pl.DataFrame(rows, schema=TOLD)


def read_told(edition: Path) -> pl.DataFrame:
    """What an edition tells of objections; nothing where it is of a version that told none."""
    path = edition / "objections.csv"
    if not path.is_file():
        return pl.DataFrame(schema=TOLD)
    return pl.read_csv(path, schema=TOLD)


def _folders(home: Home) -> list[Path]:
    """Those of the objections, in the order in which they were kept."""
    folders = [path for path in home.objections.glob("*") if _ID.fullmatch(path.name)]
    return sorted(folders, key=_order)


def _find(home: Home, objection_id: str) -> Objection:
    folder = home.objections / objection_id
    if not _ID.fullmatch(objection_id) or not folder.is_dir():
        raise NoObjection(f"no objection {objection_id}; `kurasi objections list` names them")
    return _read(folder)


def _read(folder: Path) -> Objection:
    if (folder / "erased.json").exists():
        erased = _open(folder / "erased.json", Erased)
        return Objection(erased.filed, erased.answers, erased)
    answers = sorted(folder.glob("answer-*.json"), key=_order)
    return Objection(_open(folder / "filed.json", Filed), [_open(path, Answer) for path in answers])


def _next_id(home: Home, month: str) -> str:
    numbers = [_order(path)[1] for path in home.objections.glob(f"{month}-objection-*")]
    return f"{month}-objection-{max(numbers, default=0) + 1}"


def _order(path: Path) -> tuple[str, int]:
    """What a name begins with, and the number at its end."""
    start, _, number = path.stem.rpartition("-")
    return start, int(number)


def _sealed(model: pydantic.BaseModel) -> bytes:
    """As it is written: with the hash of what it says, which shows damage."""
    document = model.model_dump(mode="json")
    return json_bytes({**document, _CHECKSUM: _checksum(document)})


def _checksum(document: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _open(path: Path, model: type[Model]) -> Model:
    """A file of an objection as it was written.

    Raises:
        DamagedArchive: it is not.
    """
    try:
        document = json.loads(path.read_bytes())
        checksum = document.pop(_CHECKSUM)
        found = model.model_validate(document)
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        checksum, found = None, None
    if found is None or checksum != _checksum(document):
        raise storage.DamagedArchive(
            f"{path} is lost or was changed; restore it from a backup of archive/"
        )
    return found
