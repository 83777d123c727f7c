"""Receipts: what is known of a file besides its bytes, and the deliveries that follow from them.

What belongs here: the sidecar, what a file's name says, and which receipts are one delivery. What
does not: the bytes' content (`reading.py`) and the disk (`deliveries.py`).

All instants are UTC without a zone mark, in whole seconds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

import pydantic

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
#: Meta: `May-25-2026_Jun-21-2026_<digits>.csv`. X: `…_2024-11-21_2025-02-19.csv`.
_META_RANGE = re.compile(r"([A-Z][a-z]{2})-(\d\d)-(\d{4})_([A-Z][a-z]{2})-(\d\d)-(\d{4})")
_ISO_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)")
#: TikTok: seconds (`Overview_2026-02-10_1773506459_<handle>.csv`) or milliseconds since 1970.
_UNIX_TIME = re.compile(r"(?<!\d)(1\d{9})(\d{3})?(?!\d)")


class Sidecar(pydantic.BaseModel):
    """`<file>.delivery.json`: what the sender says of a file; every key is optional."""

    model_config = pydantic.ConfigDict(extra="forbid")

    captured_at: pydantic.AwareDatetime | None = None
    office_id: str | None = None
    account_id: str | None = None
    covers_from: date | None = None
    covers_to: date | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One arrival of a file in the inbox."""

    sha256: str
    name: str
    #: Below the inbox, with `/`; empty at its top.
    folder: str
    #: The file's modification time.
    received_at: datetime
    #: The sidecar's text, kept as it came; None where there was none.
    sidecar: str | None

    def claims(self) -> Sidecar:
        """What the sidecar says, with the sender that the folder names where it says none.

        Raises:
            ValueError: the sidecar can't be read; the text says why.
        """
        try:
            said = Sidecar.model_validate_json(self.sidecar) if self.sidecar else Sidecar()
        except pydantic.ValidationError as problem:
            first = problem.errors()[0]
            key = ".".join(map(str, first["loc"])) or "the file"
            raise ValueError(f"{self.name}.delivery.json: {key}: {first['msg']}") from None
        if said.office_id is None and self.folder:
            said = said.model_copy(update={"office_id": self.folder.split("/")[0]})
        return said


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery: (SHA-256, `captured_at`, office, account)."""

    delivery_id: str
    receipt: Receipt
    claims: Sidecar
    captured_at: datetime
    captured_at_source: str
    covers_from: date | None
    covers_to: date | None
    #: Why the receipt can't be used; None where it can.
    problem: str | None = None


def deliveries(receipts: Iterable[Receipt], platforms: dict[str, str | None]) -> Iterator[Delivery]:
    """The deliveries that a set of receipts makes, whatever the receipts' order.

    Args:
        receipts: all receipts ever.
        platforms: SHA-256 to the platform that its layout belongs to.

    The same bytes captured at two instants are two deliveries. A receipt that names no instant is
    evidence of its own time only if no capture is known by then; else it repeats what is known. Of
    several such receipts the earliest holds. A sidecar that can't be read is told, until a readable
    receipt of the same bytes comes.
    """
    key = _by_bytes
    for sha256, group in groupby(sorted(receipts, key=key), key=key):
        readable: dict[tuple[str, str], list[tuple[Receipt, Sidecar]]] = {}
        broken: list[Delivery] = []
        for receipt in sorted(group, key=_by_arrival):
            try:
                claims = receipt.claims()
            except ValueError as problem:
                broken.append(_broken(receipt, str(problem)))
                continue
            sender = (claims.office_id or "", claims.account_id or "")
            readable.setdefault(sender, []).append((receipt, claims))
        for _, arrivals in sorted(readable.items()):
            yield from _distinct(arrivals, platforms.get(sha256))
        if not readable:
            yield broken[0]


def _distinct(arrivals: list[tuple[Receipt, Sidecar]], platform: str | None) -> Iterator[Delivery]:
    """The deliveries of one sender's receipts of the same bytes, earliest receipts first."""
    captures: dict[datetime, Delivery] = {}
    unnamed: Delivery | None = None
    for receipt, claims in arrivals:
        captured_at, source = _captured_at(receipt, claims, platform)
        delivery = _delivery(receipt, claims, captured_at, source)
        if source == "receipt":
            unnamed = unnamed or delivery
        else:
            captures.setdefault(captured_at, delivery)
    if unnamed and not any(instant <= unnamed.captured_at for instant in captures):
        yield unnamed
    for _, delivery in sorted(captures.items()):
        yield delivery


def _captured_at(receipt: Receipt, claims: Sidecar, platform: str | None) -> tuple[datetime, str]:
    """When the counters were read: the sidecar's instant, else the name's, else the receipt's."""
    if claims.captured_at is not None:
        return claims.captured_at.astimezone(UTC).replace(tzinfo=None, microsecond=0), "sidecar"
    if platform == "tiktok" and (found := _UNIX_TIME.search(receipt.name)):
        return datetime.fromtimestamp(int(found[1]), UTC).replace(tzinfo=None), "name"
    return receipt.received_at, "receipt"


def _delivery(receipt: Receipt, claims: Sidecar, captured_at: datetime, source: str) -> Delivery:
    named_from, named_to = covered_by_name(receipt.name)
    # The time of a mere receipt is not part of the identity: an earlier receipt may still turn up.
    instant = "receipt" if source == "receipt" else captured_at.isoformat()
    return Delivery(
        delivery_id=_identity(receipt.sha256, claims.office_id, claims.account_id, instant),
        receipt=receipt,
        claims=claims,
        captured_at=captured_at,
        captured_at_source=source,
        covers_from=claims.covers_from or named_from,
        covers_to=claims.covers_to or named_to,
    )


def _broken(receipt: Receipt, problem: str) -> Delivery:
    return Delivery(
        delivery_id=_identity(receipt.sha256, None, None, "unreadable sidecar"),
        receipt=receipt,
        claims=Sidecar(),
        captured_at=receipt.received_at,
        captured_at_source="receipt",
        covers_from=None,
        covers_to=None,
        problem=problem,
    )


def covered_by_name(name: str) -> tuple[date | None, date | None]:
    """The range of days that an export's name carries, both inclusive; it is no capture time."""
    try:
        if found := _META_RANGE.search(name):
            month, day, year, end_month, end_day, end_year = found.groups()
            return (
                date(int(year), _MONTHS.index(month) + 1, int(day)),
                date(int(end_year), _MONTHS.index(end_month) + 1, int(end_day)),
            )
        if found := _ISO_RANGE.search(name):
            return date.fromisoformat(found[1]), date.fromisoformat(found[2])
    except ValueError:  # looks like a range and is none, such as Xyz-40-2025
        pass
    return None, None


def _identity(*parts: str | None) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _by_bytes(receipt: Receipt) -> str:
    return receipt.sha256


def _by_arrival(receipt: Receipt) -> tuple[datetime, str, str, str]:
    return receipt.received_at, receipt.folder, receipt.name, receipt.sidecar or ""
