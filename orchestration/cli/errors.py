"""What went wrong, in one line that says what to do.

What belongs here: failures of the machine around us (disk, rights, damaged or locked files), as
exceptions or as the text that Dagster and dbt keep of them. What does not: mistakes in a user's
files, which name their own remedy (`ingest/reference/errors.py`), and in a call
(`queries.Unanswerable`).
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Sequence

from click.exceptions import (
    BadParameter,
    ClickException,
    MissingParameter,
    NoSuchCommand,
    NoSuchOption,
    UsageError,
)

from orchestration.cli.language import N_, _
from orchestration.cli.recognised import told
from orchestration.publication.unanswerable import NoMonth, NotRanked, Unanswerable, Unknown

#: `[Errno 13] Permission denied: '/home/x'`, as Python words an error of the system, and polars:
#: `Permission denied (os error 13): /home/x`.
_SYSTEM = re.compile(r"\[Errno (\d+)\] ([^:\n]+)(?:: '([^']*)')?")
_RUST = re.compile(r"([^:\n]+) \(os error (\d+)\)(?:: (\S+))?")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_WRONG_KIND = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST)
#: What other programs say, as they say it, and what helps.
_KNOWN = {
    r"Could not set lock on file": N_(
        "another program has warehouse/kurasi.duckdb open; close it and read what lies in "
        "warehouse/current instead"
    ),
    r"not a valid DuckDB database|Serialization Error|Corrupt database|different version of DuckDB"
    r"|(?:older|newer) version of DuckDB": N_(
        "the working database can't be read; call `kurasi run`, which makes it anew"
    ),
    r"No space left on device|database or disk is full": N_(
        "the disk is full; free some space and call it again: nothing is half-written"
    ),
    r"polars\.exceptions\.|[Oo]ut of specification|No magic bytes": N_(
        "a table can't be read; `kurasi run` makes anew what is damaged of the lake and of the "
        "finished state, and `kurasi doctor` tells what else is"
    ),
    r"disk I/O error": N_(
        "the disk is full or failing; free some space and call it again: nothing is half-written"
    ),
    r"dagster\.yaml": N_(
        "the home's dagster/dagster.yaml is not as Dagster wants it; correct it, or rename it and "
        "call it again, which writes the shipped one"
    ),
    r"database disk image is malformed|file is not a database": N_(
        "Dagster's history of runs is damaged; call `kurasi run`, which sets it aside and begins a "
        "new one"
    ),
}
#: Kinds of names, as a sentence has them.
_KINDS = {
    "office": N_("office"),
    "policy": N_("policy"),
    "league": N_("league"),
    "edition": N_("edition"),
    "platform": N_("platform"),
    "delivery": N_("delivery"),
    "state": N_("state"),
}


def one_line(problem: BaseException | str) -> str:
    """A problem and its remedy in one line."""
    name = (
        "" if isinstance(problem, str) else f"{type(problem).__module__}.{type(problem).__name__}: "
    )
    text = " ".join(f"{name}{problem}".removeprefix("builtins.").split())
    if found := _SYSTEM.search(text):
        return _of_the_system(int(found[1]), found[2], found[3])
    if found := _RUST.search(text):
        return _of_the_system(int(found[2]), found[1].strip(), found[3])
    for pattern, remedy in _KNOWN.items():
        if re.search(pattern, text):
            return _(remedy)
    return told(text)


def _of_the_system(number: int, words: str, path: str | None) -> str:
    where = path or _("a file")
    if number in _FULL:
        told = _(
            "the disk is full ({where}); free some space and call it again: nothing is half-written"
        )
    elif number in _FORBIDDEN:
        told = _("{where}: {words}; give this user the right to it, or choose another --home")
    elif number in _WRONG_KIND:
        told = _("{where}: {words}; move it away, something else must stand there")
    else:
        told = _("{where}: {words}; `kurasi doctor` tells what is wrong with the home")
    return told.format(where=where, words=_(words.lower()))


def unanswerable(problem: Unanswerable) -> str:
    """What a call names and nobody knows, and what to name instead."""
    match problem:
        case Unknown(place=None):
            error = _("no {kind} {wanted}")
            remedy = _there_are(problem)
        case Unknown():
            error = _("no {kind} {wanted} in {place}")
            remedy = _there_are(problem)
        case NoMonth():
            error = _("{wanted!r} is no month; write it as {meant}")
            return error.format(wanted=problem.wanted, meant=problem.meant)
        case NotRanked():
            return "; ".join(_not_ranked(problem))
        case _:
            return told(str(problem))
    kind = _(_KINDS[problem.kind])
    return f"{error.format(kind=kind, wanted=problem.wanted, place=problem.place)}; {remedy}"


def _there_are(problem: Unknown) -> str:
    if problem.meant:
        return _did_you_mean(problem.meant)
    if not problem.known:
        return _("there are none")
    return _("there are {names}").format(names=", ".join(problem.known))


def _did_you_mean(names: Sequence[str]) -> str:
    return _("did you mean {names}?").format(names=_(" or ").join(names))


def _not_ranked(problem: NotRanked) -> Iterator[str]:
    yield _("{month} is not ranked").format(month=problem.month)
    if problem.meant:
        yield _did_you_mean(problem.meant)
    if problem.known:
        first, last = problem.known[0], problem.known[-1]
        yield _("ranked are {first} to {last}").format(first=first, last=last)


def wrong_call(problem: ClickException) -> str:
    """A call that the command does not take, and where it says what it takes."""
    asked = problem.ctx.command_path if isinstance(problem, UsageError) and problem.ctx else ""
    told = _("{message}; {call} --help shows what it takes")
    return told.format(message=_refused(problem), call=asked or "kurasi")


def _refused(problem: ClickException) -> str:
    match problem:
        case NoSuchOption(possibilities=names, option_name=name):
            told = [_("no option {name}").format(name=name)]
            if names:
                told.append(_did_you_mean(names))
            return "; ".join(told)
        case NoSuchCommand(command_name=name, possibilities=names):
            told = [_("no call {name}").format(name=name)]
            if names:
                told.append(_did_you_mean(names))
            return "; ".join(told)
        case MissingParameter(param=option) if option:
            return _("{name} is missing").format(name=option.get_error_hint(problem.ctx))
        case BadParameter(param=option, message=message) if option:
            told_of = _("{name} does not fit: {message}")
            hint = option.get_error_hint(problem.ctx)
            return told_of.format(name=hint, message=message.rstrip("."))
        case UsageError(message="Missing command."):  # click has no class of its own for it
            return _("no call is named")
        case _:
            return (problem.message or problem.format_message()).rstrip(".")
