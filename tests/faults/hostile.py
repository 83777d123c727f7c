"""Hostile files: each is refused with its reason, within its bounds, and the files beside it load.

What belongs here: making such files, small on the disk, and trying them. What does not: kills and
cuts (another module of this folder), and the rules of single readers (`tests/ingest`).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.promises import Row
from tests.ingest.exports import X_1, export
from tests.ingest.spreadsheets import xlsx, xml
from tests.ingest.zips import ENCRYPTED, Packed, deflated, end, simple, zipped

#: Of the processor, for what else goes on on the machine is no file's fault; and of memory.
SECONDS, MEBIBYTES = 10, 512
#: Seconds after which reading is taken to wait for ever.
_PATIENCE = 120
_MIB = 2**20
#: Just below the size of what is read.
_LARGE = 11 * _MIB
_WHEN = int(datetime(2025, 8, 2, tzinfo=UTC).timestamp())
_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
#: The most resident memory of a program; what the system says it spent would count its parent's.
_PEAK = """
import re
from pathlib import Path
def peak():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+([0-9]+)", status)[1]) / 2**10
"""
#: Reads a home's inbox and tells how that went.
_PROGRAM = f"""{_PEAK}
import json, resource, sys, time
from ingest import children, inbox, pipeline
from ingest.home import Home
from ingest.schemas import Delivery
from ingest.storage import read_table

def spent(*kinds):
    usages = map(resource.getrusage, kinds)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
home, copying, receive = Home(Path(sys.argv[1])), [0, 0], inbox._receive
kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
def timed(home, export, *more):
    if export.path.name == "good.csv":  # at the same time
        return receive(home, export, *more)
    start, before = time.monotonic(), spent(*kinds)
    found = receive(home, export, *more)
    copying[:] = time.monotonic() - start, spent(*kinds) - before
    return found
inbox._receive = timed
start, before = time.monotonic(), spent(*kinds)
summary = pipeline.ingest(home)
seconds = time.monotonic() - start - copying[0]
for child in children._idle:
    child.kill()
of_children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
ledger = read_table(home.table("deliveries"), Delivery)
print(json.dumps(dict(
    seconds=seconds,
    processor_seconds=spent(*kinds) - before - copying[1],
    mebibytes=max(peak(), of_children),
    ledger=ledger.select("name", "status", "reason").rows(),
    not_taken=[(each.name, each.reason) for each in inbox.not_taken(home)],
)))
"""


#: Reads a registry or policies, and tells how that went.
_REFERENCE_PROGRAM = f"""{_PEAK}
import json, sys, time
from ingest.platforms import NAMES_ACCOUNTS
from ingest.reference.errors import InputProblems
from ingest.reference.policies import read_policies
from ingest.reference.registry import read_registry

folder, start, reason = Path(sys.argv[1]), time.monotonic(), None
processor = time.process_time()
try:
    if (folder / "accounts.csv").exists():
        read_registry(folder, NAMES_ACCOUNTS)
    else:
        read_policies(folder, list(NAMES_ACCOUNTS))
except InputProblems as problem:
    reason = str(problem).splitlines()[0]
print(json.dumps(dict(
    seconds=time.monotonic() - start,
    processor_seconds=time.process_time() - processor,
    mebibytes=peak(),
    reason=reason,
)))
"""


@dataclass(frozen=True, slots=True)
class Found:
    """How reading something hostile went."""

    #: From the first byte read to the end, but for copying into the archive.
    seconds: float
    #: Of the processor, of all processes together.
    processor_seconds: float
    #: The most resident memory of one process.
    mebibytes: float
    #: Why it was refused; None where it was not.
    reason: str | None
    #: Whether the good file beside it loaded.
    others_load: bool = True
    may_be_taken: bool = False

    @property
    def is_held(self) -> bool:
        """It was refused, or may be taken, within its bounds, and others were not harmed."""
        is_in_bounds = self.processor_seconds <= SECONDS and self.mebibytes <= MEBIBYTES
        return is_in_bounds and self.others_load and (self.may_be_taken or self.reason is not None)


def _sparse(path: Path, start: bytes, size: int) -> None:
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)


def _sheet(path: Path, body: str, head: str = "", more: tuple[str, bytes] | None = None) -> None:
    """A workbook whose sheet's XML is written by hand."""
    made = zipfile.ZipFile(io.BytesIO(xlsx({"Sheet1": [["a"]]})))
    name = "xl/worksheets/sheet1.xml"
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in made.namelist():
            if entry != name:
                archive.writestr(entry, made.read(entry))
        text = f'{head}<worksheet xmlns="{namespace}"><sheetData>{body}</sheetData></worksheet>'
        archive.writestr(name, f'<?xml version="1.0"?>{text}')
        if more:
            archive.writestr(*more)


def _cell(reference: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>x</t></is></c>'


def _xml(path: Path, old: str, new: str) -> None:
    made = xml({"Sheet1": [["a", "b"], ["1", "2"]]})
    path.write_bytes(made.replace(old.encode(), new.encode(), 1))


def _with_sidecar(path: Path, make: Callable[[Path], object]) -> None:
    path.write_bytes(export(X_1, {"Post text": path.parent.parent.name}))
    make(path.with_name(f"{path.name}.delivery.json"))


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _zip(path: Path, *files: Packed, count: int | None = None) -> None:
    """A ZIP of a good export and others."""
    good = Packed("good.csv", export(X_1, {"Post text": path.name}))
    path.write_bytes(zipped(good, *files, count=count))


def _zip_of_zips(path: Path, depth: int, width: int, content: bytes) -> None:
    """A ZIP in a ZIP, so many times, each that many times."""
    for _ in range(depth):
        content = simple({f"{number}.zip": content for number in range(width)})
    path.write_bytes(content)


def _zip_of_one_file_many_times(path: Path, count: int) -> None:
    """A ZIP whose directory names one file again and again, and tells of one."""
    made = zipped(Packed("a.csv", b"a"))
    place = made.index(b"PK\1\2")
    directory = made[place:-22] * count
    path.write_bytes(made[:place] + directory + end(1, len(directory), place))


def _header() -> bytes:
    return export(X_1).split(b"\n")[0] + b"\n"


#: What makes each, by what it is; small and quick enough for every change of the code.
SMALL: dict[str, Callable[[Path], object]] = {
    "cells merged over 2,000,000,000 columns.xls": lambda path: _xml(
        path, "<Cell>", '<Cell ss:MergeAcross="2000000000">'
    ),
    "a cell of index 19,000,000.xls": lambda path: _xml(
        path, "<Cell>", '<Cell ss:Index="19000000">'
    ),
    "entities of entities.xls": lambda path: _xml(path, "?>", f"?>{_LAUGHS}"),
    "two cells, A1 and S1048576.xlsx": lambda path: _sheet(
        path, f'<row r="1">{_cell("A1")}</row><row r="1048576">{_cell("S1048576")}</row>'
    ),
    "entities of entities.xlsx": lambda path: _sheet(
        path, '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>', head=_LAUGHS
    ),
    "a ZIP of nothing but zeros.xlsx": lambda path: _sheet(
        path, f'<row r="1">{_cell("A1")}</row>', more=("xl/media/zeros.bin", bytes(200 * _MIB))
    ),
    "a file of 200 MB that says 10 bytes.zip": lambda path: _zip(
        path, Packed("zeros.csv", bytes(10), packed=deflated(bytes(200 * _MIB)))
    ),
    "a file that says 4 GB.zip": lambda path: _zip(path, Packed("zeros.csv", size=2**32 - 2)),
    "a file in the place of another.zip": lambda path: _zip(path, Packed("a.csv", place=0)),
    "names that lead elsewhere.zip": lambda path: _zip(
        path, Packed("../../../a.csv", b"a"), Packed("/etc/a.csv", b"a"), Packed("\x1b[2J", b"a")
    ),
    "others bytes and a password.zip": lambda path: _zip(
        path, Packed("a.csv", b"a", crc=1), Packed("b.csv", b"b", flags=ENCRYPTED)
    ),
    "65,535 files.zip": lambda path: _zip(path, count=65_535),
    "a ZIP in a ZIP, 30 deep.zip": lambda path: _zip_of_zips(path, 30, 1, b"a"),
    "300 MB after a title line.csv": lambda path: _sparse(path, b"Log\n", 300 * _MIB),
    "a line of 2 GB.csv": lambda path: _sparse(path, b"a", 2 * 2**30),
    "a sidecar that is a folder.csv": lambda path: _with_sidecar(path, Path.mkdir),
    "a sidecar that is a pipe.csv": lambda path: _with_sidecar(path, os.mkfifo),
    "a sidecar that is a link to a device.csv": lambda path: _with_sidecar(
        path, lambda sidecar: sidecar.symlink_to("/dev/zero")
    ),
    "a sidecar of 300 MB.csv": lambda path: _with_sidecar(
        path, lambda sidecar: _sparse(sidecar, b"{", 300 * _MIB)
    ),
    "a pipe.csv": os.mkfifo,
    "a socket.csv": _socket,
    "a link to a secret.csv": lambda path: path.symlink_to("/etc/passwd"),
    "a link to a folder": lambda path: path.symlink_to("/etc"),
    "a link to a device.csv": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing.csv": lambda path: path.symlink_to("nowhere"),
}
#: Those that take seconds each.
LARGE: dict[str, Callable[[Path], object]] = {
    "10 files of 12 MB of zeros.zip": lambda path: _zip(
        path, *(Packed(f"{n}.csv", bytes(12 * _MIB - n)) for n in range(10))
    ),
    "1,000 ZIPs of 10 MB each.zip": lambda path: _zip_of_zips(
        path, 1, 999, simple({"a.csv": bytes(10 * _MIB)})
    ),
    "200,000 files in the place of one.zip": lambda path: _zip_of_one_file_many_times(
        path, 200_000
    ),
    "a log with a title line.csv": lambda path: path.write_bytes(b"Log\n" + b"x\n" * (_LARGE // 2)),
    "a line of 11 MB.csv": lambda path: path.write_bytes(b"a" * _LARGE),
    "an open quote.csv": lambda path: path.write_bytes(_header() + b'"' + b"x,1\n" * (_LARGE // 4)),
    "records too short.csv": lambda path: path.write_bytes(_header() + b"x,1\n" * (_LARGE // 4)),
    "another encoding.csv": lambda path: path.write_bytes(
        _header() + b"caf\xe9 x\n" * (_LARGE // 7)
    ),
    "a record in each cell.csv": lambda path: path.write_bytes(
        b'"' + _header().strip() + b'"\n' + b'"1,2,3,4"\n' * (_LARGE // 10)
    ),
    "100,000 columns.csv": lambda path: path.write_bytes(
        _header().strip() + b",c" * 100_000 + b"\n" + (b"1," * 100_000 + b"\n") * 40
    ),
    "4,000,000 cells.xlsx": lambda path: _sheet(
        path, f"<row>{'<c><v>1</v></c>' * 4_000_000}</row>"
    ),
    "elements in elements.xlsx": lambda path: _sheet(path, "<a>" * 10**6 + "</a>" * 10**6),
    "elements in elements.xls": lambda path: _xml(
        path, "<Cell>", "<Row>" * 10**6 + "</Row>" * 10**6 + "<Cell>"
    ),
    "400,000 rows.xls": lambda path: _xml(path, "<Row>", "<Row/>" * 400_000 + "<Row>"),
}


def run(folder: Path) -> list[Row]:
    """Try every hostile file in a home of its own, and hostile registries and policies.

    What each took is told on standard error.

    Args:
        folder: is made, and filled with homes.
    """
    rows: list[Row] = []
    for number, (name, make) in enumerate((SMALL | LARGE).items()):
        home = folder / str(number)
        prepare(home, {name: make})
        is_held = _told(name, _read(home, name))
        rows.append(("refused in bounds, the good file beside it loads", name, 1, int(is_held)))
        shutil.rmtree(home)
    for name, make in REFERENCES.items():
        home = folder / "references"
        home.mkdir(parents=True)
        make(home)
        told = _output(_REFERENCE_PROGRAM, home)
        is_held = _told(name, Found(**told, may_be_taken=True) if told else None)
        rows.append(("taken or refused in bounds", name, 1, int(is_held)))
        shutil.rmtree(home)
    return rows


def _told(name: str, found: Found | None) -> bool:
    """Tell how it went; returns whether all held."""
    if not found:
        print(f"{name}: BROKEN: it does not end, or fails", file=sys.stderr, flush=True)
        return False
    figures = (
        f"{found.seconds:5.1f} s, {found.processor_seconds:5.1f} s of the processor, "
        f"{found.mebibytes:4.0f} MiB"
    )
    broken = "" if found.is_held else " BROKEN;"
    others = "" if found.others_load else " the good file beside it does not load;"
    reason = found.reason or "taken"
    print(f"{name}: {figures};{broken}{others} {reason}", file=sys.stderr, flush=True)
    return found.is_held


def prepare(home: Path, makers: dict[str, Callable[[Path], object]]) -> None:
    """A home with a good export and some hostile things, each in the folder of a sender."""
    inbox = home / "inbox" / "a"
    inbox.mkdir(parents=True)
    (inbox / "good.csv").write_bytes(export(X_1))
    os.utime(inbox / "good.csv", (_WHEN, _WHEN))
    for name, make in makers.items():
        make(inbox / name)


def _read(home: Path, name: str) -> Found | None:
    told = _output(_PROGRAM, home)
    if told is None:
        return None
    status, reasons = {}, {}
    for file, is_now, reason in told.pop("ledger"):
        status[file] = is_now
        if is_now == "quarantined":
            reasons[file.partition("/")[0]] = reason  # of a file in a ZIP that of the ZIP
    reasons |= {path.rpartition("/")[2]: reason for path, reason in told.pop("not_taken")}
    return Found(**told, reason=reasons.get(name), others_load=status.get("good.csv") == "loaded")


def _output(program: str, folder: Path) -> dict[str, Any] | None:
    """What a program tells; None where it fails or does not end."""
    words = [sys.executable, "-c", program, folder]
    with contextlib.suppress(subprocess.SubprocessError):
        done = subprocess.run(
            words, stdout=subprocess.PIPE, text=True, check=True, timeout=_PATIENCE
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found
    return None


def _accounts(folder: Path, account_id: str, count: int) -> None:
    (folder / "offices.csv").write_text(
        "office_id,name,league,time_zone,valid_from,valid_to\no,O,kanwil,,2024-01-01,\n"
    )
    header = "account_id,office_id,platform,platform_account_id,handle,name,valid_from,valid_to\n"
    lines = (f"{account_id.format(n)},o,x,{n},h{n},,2024-01-01,\n" for n in range(count))
    (folder / "accounts.csv").write_text(header + "".join(lines))


def _merge_keys(folder: Path) -> None:
    names = (", ".join([f"*a{number - 1}"] * 9) for number in range(1, 9))
    lines = (f"a{number}: &a{number}\n  <<: [{each}]\n" for number, each in enumerate(names, 1))
    (folder / "merge.yml").write_text("a0: &a0 {k: v}\n" + "".join(lines))


#: Registries and policies, by what they are: what makes each in a folder.
REFERENCES: dict[str, Callable[[Path], object]] = {
    "20,000 aliases of one account": lambda folder: _accounts(folder, "a", 20_000),
    "1,000,000 accounts": lambda folder: _accounts(folder, "{}", 1_000_000),
    "merge keys of merge keys": _merge_keys,
}
