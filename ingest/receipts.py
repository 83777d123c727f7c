"""Receipts: what is known of a file besides its bytes, and the deliveries that follow from them.

What belongs here: the sidecar, what a file's name says, which receipts are one delivery, and how
receipts are kept in the archive. What does not: the bytes' content (`parsing/`) and the inbox
(`inbox.py`).

All instants are UTC without a zone mark, in whole seconds.
"""

from __future__ import annotations

import contextlib
import email.utils
import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import pydantic

from ingest.bounds import bounds
from ingest.home import Home
from ingest.platforms import PLATFORMS
from ingest.storage import DamagedArchive, write_bytes

log = logging.getLogger("kurasi")

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
#: Meta: `May-25-2026_Jun-21-2026_<digits>.csv`. X: `…_2024-11-21_2025-02-19.csv`. YouTube:
#: `Content 2025-06-15_2026-06-15 <channel>.zip`.
_META_RANGE = re.compile(r"([A-Z][a-z]{2})-(\d\d)-(\d{4})_([A-Z][a-z]{2})-(\d\d)-(\d{4})")
_ISO_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)")
#: TikTok: seconds (`Overview_2026-02-10_1773506459_<handle>.csv`) or milliseconds since 1970, apart
#: from the digits of handles such as `user1234567890`.
_WITH_UNIX_TIME = {each.key for each in PLATFORMS if each.has_unix_time_in_names}
_WITH_EXCLUSIVE_END = {each.key for each in PLATFORMS if each.is_end_in_names_exclusive}
_UNIX_TIME = re.compile(r"(?<![A-Za-z0-9])(1\d{9})(\d{3})?(?![A-Za-z0-9])")
#: `date: Sat, 02 Aug 2025 01:00:00 GMT`, in a line of its own or in JSON.
_RESPONSE_DATE = re.compile(
    r"""(?:^|[\n{,])\s*['"]?date['"]?\s*:\s*['"]?"""
    r"([a-z]{3}, [0-9]{2} [a-z]{3} 20[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT)",
    re.IGNORECASE,
)
_REMEDY = (
    "`kurasi run` writes anew what the inbox and the ledger tell of its deliveries, then restore "
    "it from a backup of archive/, or move it out of archive/ where there is none"
)

_Name = Annotated[str, pydantic.Field(min_length=1)]
#: Within the lifetime of the platforms, so that a slip in the year is told.
_Instant = Annotated[
    pydantic.AwareDatetime,
    pydantic.Field(ge=datetime(2004, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
]


class Sidecar(pydantic.BaseModel):
    """`<file>.delivery.json`: what the sender says of a file; every key is optional."""

    model_config = pydantic.ConfigDict(extra="forbid", strict=True)

    captured_at: _Instant | None = None
    office_id: _Name | None = None
    account_id: _Name | None = None
    covers_from: date | None = None
    covers_to: date | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One arrival of a file in the inbox."""

    sha256: str
    #: Of a file that came in a ZIP, the ZIP's name, `/`, and its own as the ZIP tells it, which is
    #: never used as a path.
    name: str
    #: Below the inbox, with `/`; empty at its top.
    folder: str
    #: The file's modification time.
    received_at: datetime
    #: The sidecar's text, kept as it came; None where there was none.
    sidecar: str | None
    #: The `date` of the HTTP headers that lay beside the file; None where there was none.
    response_date: str | None = None
    #: The bytes as they were received, where the archive keeps a copy without private persons.
    received_sha256: str | None = None
    #: Of a file that came in a ZIP, that one's bytes.
    zip_sha256: str | None = None

    @property
    def file_name(self) -> str:
        """The name of the file of the inbox: its own, or that of the ZIP in which it came."""
        return _file_name(self.name)

    @property
    def arrival(self) -> tuple[str, str, datetime]:
        """Which file of the inbox it was, whatever its sidecar."""
        return self.folder, self.name, self.received_at

    @property
    def has_more(self) -> bool:
        """Whether something lay beside the file."""
        return self.sidecar is not None or self.response_date is not None

    def claims(self) -> Sidecar:
        """What the sidecar says.

        Raises:
            ValueError: the sidecar can't be read; the text says why.
        """
        if self.sidecar is None:
            return Sidecar()
        try:
            return read_sidecar(self.sidecar)
        except ValueError as problem:
            raise ValueError(f"{_of_sidecar(self.name)}{problem}; correct it") from None


def _file_name(name: str) -> str:
    """The file of the inbox that a receipt's name is of; names of files hold no `/`."""
    return name.partition("/")[0]


def response_date(text: str) -> str | None:
    """The last `date` of some HTTP headers, as `curl -D` or a program's dump of them has it.

    Its form is the one of RFC 9110, 5.6.7, in GMT; others are none.
    """
    for found in reversed(_RESPONSE_DATE.findall(text)):
        with contextlib.suppress(ValueError):  # such as the 45th
            email.utils.parsedate_to_datetime(found)
            return str(found)
    return None


def _of_sidecar(name: str) -> str:
    """How a problem with a file's sidecar begins."""
    return f"{_file_name(name)}.delivery.json: "


def read_sidecar(text: str) -> Sidecar:
    """What a sidecar's text says.

    Raises:
        ValueError: it is too long, no JSON, says something twice or says what no sidecar says.
    """
    if len(text.encode()) > bounds().sidecar_kib * 2**10:
        raise ValueError(f"it is larger than {bounds().told('sidecar_kib')}, so it is no sidecar")
    try:
        json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError:
        pass  # the validation below says where
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    try:
        return Sidecar.model_validate_json(text)
    except pydantic.ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the file"
        raise ValueError(f"{key}: {first['msg']}") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; of a key that stands twice nobody knows which value is meant."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key} stands twice")
        found[key] = value
    return found


_Arrival = tuple[Receipt, Sidecar]


@dataclass(frozen=True, slots=True)
class ResolvedDelivery:
    """One delivery as its receipts give it: (SHA-256, `captured_at`, office, account)."""

    delivery_id: str
    receipt: Receipt
    claims: Sidecar
    captured_at: datetime
    captured_at_source: str
    covers_from: date | None
    covers_to: date | None
    #: Where the range stands: in the `sidecar` or in the file's `name`; None where there is none.
    covers_source: str | None
    #: Why the receipt can't be used; None where it can.
    problem: str | None = None


def deliveries(
    receipts: Iterable[Receipt], platforms: dict[str, str | None]
) -> Iterator[ResolvedDelivery]:
    """The deliveries that a set of receipts makes, whatever the receipts' order.

    Args:
        receipts: all receipts ever.
        platforms: SHA-256 to the platform that its layout belongs to.

    The same bytes captured at two instants are two deliveries. A receipt that names no instant is
    evidence of its own time only if no capture is known by then; else it repeats what is known. Of
    several such receipts the earliest holds. A file that was seen before its sidecar came is one
    arrival with it, and what a sidecar says of a file holds for its other arrivals too, unless they
    say otherwise. A sidecar that can't be read is told, until a readable receipt of the same bytes
    comes in the same folder.
    """
    for sha256, group in groupby(sorted(receipts, key=_by_bytes), key=_by_bytes):
        readable: list[_Arrival] = []
        broken: dict[str, ResolvedDelivery] = {}
        found = sorted(group, key=_by_arrival)
        with_more = {receipt.arrival for receipt in found if receipt.has_more}
        for receipt in found:
            if not receipt.has_more and receipt.arrival in with_more:
                continue
            try:
                readable.append((receipt, receipt.claims()))
            except ValueError as problem:
                broken.setdefault(receipt.folder, _broken(receipt, str(problem)))
        for _, arrivals in sorted(_by_sender(readable).items()):
            yield from _distinct(arrivals, platforms.get(sha256))
        for folder in sorted(broken.keys() - {receipt.folder for receipt, _ in readable}):
            yield broken[folder]


def _by_sender(arrivals: list[_Arrival]) -> dict[tuple[str, str], list[_Arrival]]:
    """Receipts of the same bytes by office and account, in the order in which they are given."""
    claimed: dict[tuple[str, str, str], set[Any]] = {}
    for receipt, claims in arrivals:
        for key, value in claims.model_dump(exclude_none=True, exclude={"captured_at"}).items():
            claimed.setdefault((receipt.folder, receipt.name, key), set()).add(value)
    senders: dict[tuple[str, str], list[_Arrival]] = {}
    for receipt, claims in arrivals:
        update: dict[str, Any] = {"office_id": receipt.folder.split("/")[0] or None}
        for key in Sidecar.model_fields:
            values = claimed.get((receipt.folder, receipt.name, key), ())
            if len(values) == 1:
                update[key] = min(values)
        complete = claims.model_copy(update=update | claims.model_dump(exclude_none=True))
        sender = (complete.office_id or "", complete.account_id or "")
        senders.setdefault(sender, []).append((receipt, complete))
    return senders


def _distinct(arrivals: list[_Arrival], platform: str | None) -> Iterator[ResolvedDelivery]:
    """The deliveries of one sender's receipts of the same bytes, earliest receipts first."""
    captures: dict[datetime, ResolvedDelivery] = {}
    unnamed: ResolvedDelivery | None = None
    for receipt, claims in arrivals:
        captured_at, source = _captured_at(receipt, claims, platform)
        delivery = _delivery(receipt, claims, captured_at, source, platform)
        if source == "receipt":
            unnamed = unnamed or delivery
        else:
            captures.setdefault(captured_at, delivery)
    if unnamed and not any(instant <= unnamed.captured_at for instant in captures):
        yield unnamed
    for _, delivery in sorted(captures.items()):
        yield delivery


def _captured_at(receipt: Receipt, claims: Sidecar, platform: str | None) -> tuple[datetime, str]:
    """When the counters were read, and what says so.

    The sidecar's instant, else the name's, else that of the response's headers, else the receipt's.
    """
    if claims.captured_at is not None:
        return claims.captured_at.astimezone(UTC).replace(tzinfo=None, microsecond=0), "sidecar"
    if platform in _WITH_UNIX_TIME and (found := _search(_UNIX_TIME, receipt.name)):
        return datetime.fromtimestamp(int(found[1]), UTC).replace(tzinfo=None), "name"
    if receipt.response_date is not None:
        sent = email.utils.parsedate_to_datetime(receipt.response_date)
        return sent.astimezone(UTC).replace(tzinfo=None), "headers"
    return receipt.received_at, "receipt"


def _delivery(
    receipt: Receipt, claims: Sidecar, captured_at: datetime, source: str, platform: str | None
) -> ResolvedDelivery:
    named_from, named_to = covered_by_name(receipt.name, platform)
    # The time of a mere receipt is not part of the identity: an earlier receipt may still turn up.
    instant = "receipt" if source == "receipt" else captured_at.isoformat()
    return ResolvedDelivery(
        delivery_id=_identity(receipt.sha256, claims.office_id, claims.account_id, instant),
        receipt=receipt,
        claims=claims,
        captured_at=captured_at,
        captured_at_source=source,
        covers_from=claims.covers_from or named_from,
        covers_to=claims.covers_to or named_to,
        covers_source=_source_of_range(claims, named_from),
    )


def _source_of_range(claims: Sidecar, named_from: date | None) -> str | None:
    """A sidecar that tells one end of the range tells its zone for both."""
    if claims.covers_from or claims.covers_to:
        return "sidecar"
    return "name" if named_from else None


def _broken(receipt: Receipt, problem: str) -> ResolvedDelivery:
    return ResolvedDelivery(
        delivery_id=_identity(receipt.sha256, receipt.folder, None, "unreadable sidecar"),
        receipt=receipt,
        claims=Sidecar(),
        captured_at=receipt.received_at,
        captured_at_source="receipt",
        covers_from=None,
        covers_to=None,
        covers_source=None,
        problem=problem,
    )


def read_receipts(home: Home) -> list[Receipt]:
    """All receipts in the archive but those of damaged files, by the bytes they are of."""
    found: set[Receipt] = set()
    for path in _paths(home):
        with contextlib.suppress(DamagedArchive):
            found.update(_read(path))
    return sorted(found, key=_by_bytes)


def damaged_receipts(home: Home) -> Iterator[DamagedArchive]:
    """The files of receipts that are not as they were written, each with what to do."""
    for path in _paths(home):
        try:
            _read(path)
        except DamagedArchive as problem:
            yield problem


def write_receipts(home: Home, receipts: Iterable[Receipt], *, instead: bool = False) -> None:
    """Add receipts to the archive as one file.

    With `instead`, remove all files before it, apart from those that are damaged.
    """
    content = as_lines(receipts)
    path = home.archive / "receipts" / _name(content)
    was_damaged = path.exists() and path.read_bytes() != content
    write_bytes(path, content)
    if was_damaged:
        log.warning("%s is as it was: the same receipts were made again, as its name shows", path)
    for other in _paths(home) if instead else ():
        with contextlib.suppress(DamagedArchive):
            _read(other)
            if other != path:
                other.unlink()


def as_lines(receipts: Iterable[Receipt]) -> bytes:
    """Receipts as they are kept: a line of JSON each, in a total order."""
    return "".join(f"{line}\n" for line in sorted(map(_line, receipts))).encode()


def from_lines(content: bytes) -> list[Receipt]:
    """The receipts that `as_lines` wrote.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it did not write these.
    """
    return [_receipt(line) for line in content.decode().splitlines()]


def as_told(row: Mapping[str, Any]) -> Receipt:
    """A receipt that makes the delivery which a row of the ledger tells, for one that is lost.

    The ledger does not tell the sidecar's text, so this one has a text that says the same.
    """
    claims: dict[str, Any] = {}
    if row["captured_at_source"] == "sidecar":
        claims["captured_at"] = row["captured_at"].replace(tzinfo=UTC)
    if row["covers_source"] == "sidecar":
        claims |= {"covers_from": row["covers_from"], "covers_to": row["covers_to"]}
    if row["office_id"] != (row["folder"].split("/")[0] or None):
        claims["office_id"] = row["office_id"]
    if row["account_id"]:
        claims["account_id"] = row["account_id"]
    sidecar = Sidecar(**claims).model_dump_json(exclude_none=True) if claims else None
    if (row["reason"] or "").startswith(_of_sidecar(row["name"])):
        sidecar = row["reason"]  # what can't be read stays what can't be read
    is_of_headers = row["captured_at_source"] == "headers"
    date = email.utils.format_datetime(row["captured_at"].replace(tzinfo=UTC), usegmt=True)
    return Receipt(
        row["sha256"],
        row["name"],
        row["folder"],
        row["received_at"],
        sidecar,
        response_date=date if is_of_headers else None,
        received_sha256=row["received_sha256"],
    )


def _paths(home: Home) -> list[Path]:
    return sorted((home.archive / "receipts").glob("*.jsonl"))


def _read(path: Path) -> list[Receipt]:
    """The receipts of a file.

    Raises:
        DamagedArchive: it is not as it was written.
    """
    try:
        content = path.read_bytes()
        if _name(content) != path.name:
            raise ValueError("it was changed or cut, for its name is not its hash any more")
        return from_lines(content)
    except OSError as problem:
        reason = (problem.strerror or "it can't be read").lower()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        reason = str(problem)
    raise DamagedArchive(f"{path}: {reason}; {_REMEDY}")


def _name(content: bytes) -> str:
    """How a file of receipts is named, which shows whether it is as it was written."""
    return f"{hashlib.sha256(content).hexdigest()[:16]}.jsonl"


def _receipt(line: str) -> Receipt:
    """The receipt that `_line` wrote."""
    entry = json.loads(line)
    received_at = datetime.fromisoformat(entry.pop("received_at"))
    return Receipt(received_at=received_at, **entry)


def _line(receipt: Receipt) -> str:
    # As earlier versions wrote it, where it tells no more than they could.
    entry = {name: each for name, each in asdict(receipt).items() if each is not None}
    entry["sidecar"] = receipt.sidecar
    entry["received_at"] = receipt.received_at.isoformat()
    return json.dumps(entry)


def name_without_persons(name: str) -> str:
    """What of a file's name tells a capture time or a range of days; the rest may name people."""
    patterns = (_META_RANGE, _ISO_RANGE, _UNIX_TIME)
    times = [found[0] for pattern in patterns if (found := _search(pattern, name))]
    return "_".join(["erased", *times])


def covered_by_name(name: str, platform: str | None) -> tuple[date | None, date | None]:
    """The range of days that an export's name carries, both inclusive; it is no capture time.

    Of a file that came in a ZIP its own name goes before that of the ZIP.
    """
    for part in _parts(name):
        first, last = _range_in(part)
        if first and last:
            is_exclusive = platform in _WITH_EXCLUSIVE_END and first < last
            return first, last - timedelta(days=1) if is_exclusive else last
    return None, None


def _range_in(name: str) -> tuple[date | None, date | None]:
    """The two days that a name tells."""
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


def _search(pattern: re.Pattern[str], name: str) -> re.Match[str] | None:
    """What a name tells; of a file that came in a ZIP its own name goes before that of the ZIP."""
    return next((found for part in _parts(name) if (found := pattern.search(part))), None)


def _parts(name: str) -> list[str]:
    """The names that a receipt's name is made of, its file's own first and the ZIP's last."""
    return name.split("/")[::-1]


def _identity(*parts: str | None) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _by_bytes(receipt: Receipt) -> str:
    return receipt.sha256


def _by_arrival(receipt: Receipt) -> tuple[datetime, str, str, str]:
    told = f"{receipt.sidecar or ''}{receipt.response_date or ''}{receipt.zip_sha256 or ''}"
    return receipt.received_at, receipt.folder, receipt.name, told
