"""Files that others put there: found and opened so that nothing but a plain file is ever read.

What belongs here: walking a folder and opening a file in it without following a link, waiting for a
pipe or touching a device; and names as they can be shown. What does not: what a file is for
(`inbox.py`, `reference/`).

A link is never followed: it could lead to any secret of the machine. A folder or a file may be
exchanged between looking and opening, so each is opened by its name in the folder that is open
already, and only what was opened is looked at.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_KINDS = {
    stat.S_IFLNK: "it is a link, and links are not followed; put the file itself there",
    stat.S_IFIFO: "it is a pipe (FIFO), not a file; remove it",
    stat.S_IFSOCK: "it is a socket, not a file; remove it",
    stat.S_IFCHR: "it is a device, not a file; remove it",
    stat.S_IFBLK: "it is a device, not a file; remove it",
    stat.S_IFDIR: "it is a folder, not a file; move it away",
}
_OTHER = "it is no regular file; remove it"
#: So deep folders may be nested; each takes a file descriptor while it is walked.
_DEEPEST = 50
_WORDS = {
    errno.EACCES: "it can't be read; give this user the right to it",
    errno.EPERM: "it can't be read; give this user the right to it",
    errno.ENAMETOOLONG: "its name is too long; give it a shorter one",
}


class NotRegular(OSError):
    """What has a file's name and is none; the text says what it is and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a folder or below it."""

    #: Its path below that folder.
    path: Path
    #: Why it can't be taken; None of a regular file.
    problem: str | None
    #: Size and times as they were; None of what could not be looked at.
    stat: os.stat_result | None = None


def walk(folder: Path, ends_of_files: tuple[str, ...]) -> Iterator[Found]:
    """What lies in a folder and below it, in order, but hidden things and folders.

    Args:
        folder: may itself be a link; nothing below it is followed.
        ends_of_files: a folder with a name that ends so is told, and not looked into.
    """
    try:
        descriptor = os.open(folder, _FOLDER & ~os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    except OSError as problem:
        yield Found(Path(), reason(problem))
        return
    yield from _walk(descriptor, Path(), ends_of_files)


def _walk(descriptor: int, below: Path, ends_of_files: tuple[str, ...]) -> Iterator[Found]:
    """What lies in an open folder, which is closed at the end."""
    try:
        try:
            entries = sorted(os.listdir(descriptor))
        except OSError as problem:
            yield Found(below, reason(problem))
            return
        for name in entries:
            if name.startswith("."):
                continue
            path = below / name
            if len(path.parts) > _DEEPEST:
                yield Found(path, "folders are nested too deep; move it up")
                continue
            try:
                looked = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                if not stat.S_ISDIR(looked.st_mode) or name.endswith(ends_of_files):
                    yield Found(path, _problem(looked.st_mode), looked)
                    continue
                inner = os.open(name, _FOLDER, dir_fd=descriptor)
            except FileNotFoundError:  # it went away meanwhile
                continue
            except OSError as problem:
                yield Found(path, reason(problem))
                continue
            yield from _walk(inner, path, ends_of_files)
    finally:
        os.close(descriptor)


@contextmanager
def opened(folder: Path, path: Path) -> Iterator[BufferedReader]:
    """Open a regular file below a folder for reading.

    Args:
        folder: may itself be a link.
        path: below it; nothing on the way is followed.

    Raises:
        NotRegular: it is no regular file.
        OSError: it is not there, or may not be read.
    """
    with _folder_of(folder, path) as parent:
        try:
            descriptor = os.open(path.name, _FILE, dir_fd=parent)
        except OSError as failure:
            if failure.errno in (errno.ELOOP, errno.ENXIO):  # a link; a socket or a device
                mode = os.stat(path.name, dir_fd=parent, follow_symlinks=False).st_mode
                raise NotRegular(_problem(mode) or _OTHER) from None
            raise
    with open(descriptor, "rb") as file:  # noqa: PTH123
        if problem := _problem(os.fstat(descriptor).st_mode):
            raise NotRegular(problem)
        yield file


def remove(folder: Path, path: Path) -> None:
    """Remove a file below a folder, if it is there; nothing on the way is followed.

    Raises:
        OSError: it may not be removed.
    """
    with contextlib.suppress(FileNotFoundError), _folder_of(folder, path) as parent:
        os.unlink(path.name, dir_fd=parent)


@contextmanager
def _folder_of(folder: Path, path: Path) -> Iterator[int]:
    """The folder of a file below another folder, opened step by step: its path may be too long."""
    parent = os.open(folder, _FOLDER & ~os.O_NOFOLLOW)
    try:
        for part in path.parent.parts:
            inner = os.open(part, _FOLDER, dir_fd=parent)
            os.close(parent)
            parent = inner
        yield parent
    finally:
        os.close(parent)


def _problem(mode: int) -> str | None:
    """Why something of this kind can't be taken; None of a regular file."""
    return None if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), _OTHER)


def reason(problem: OSError) -> str:
    """Why something can't be opened, and what to do."""
    if problem.errno is None:  # it was worded by us
        return str(problem)
    return _WORDS.get(problem.errno, (problem.strerror or "it can't be read").lower())


def shown(text: str) -> str:
    r"""A name as it can be shown: what would steer a terminal or break a line stands as `\x1b`.

    Letters of all scripts and blanks of all widths stay; control and formatting characters, those
    that turn the direction of writing among them, line ends and bytes that are no text do not.
    """
    if text.isprintable():
        return text
    return "".join(
        each
        if each.isprintable() or unicodedata.category(each) == "Zs"
        else each.encode("unicode_escape").decode()
        for each in text
    )


def shown_lines(text: str) -> str:
    """The same of a text of several lines, which stay."""
    return "\n".join(shown(line) for line in text.split("\n"))
