"""Child processes in which foreign bytes are read, so that no file can end the program itself.

What belongs here: starting children, keeping them warm from call to call, the limits of memory and
time under which they work, and telling how one ended. What does not: what they do (`batches.py`,
`erasure.py`) and what becomes of a file that ended one.

A child imports what reading needs, which takes a second, and then does one call after the other.
It ends by itself when nothing was asked of it for a while, and when its parent is gone.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal, TypeVar

from ingest.bounds import bounds

#: A child of which nothing is asked for so long ends, and with it goes its memory.
_IDLE_SECONDS = 20
_FOLLOWS, _DONE, _FAILED = "follows", "done", "failed"
#: One thread, for the files are enough work for all cores, and memory that is given back soon and
#: counted as it is used, so that its limit is what is really taken. (At once costs a fifth more
#: time for reading a million records, and lets less fit under the limit.)
_ENVIRONMENT = {
    "POLARS_MAX_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:500,muzzy_decay_ms:500",
}
#: The answer of a child that is not done yet, and of one that ended before it got the call.
_GOES_ON, _AGAIN = object(), object()
_PROGRAM = "import sys; from ingest.children import serve; serve(int(sys.argv[1]))"
#: In a child, the way to its parent.
_parent: Connection | None = None
#: Held while a child is started.
_starting = threading.Lock()
#: Children that have nothing to do.
_idle: list[_Child] = []
os.register_at_fork(after_in_child=_idle.clear)

Task = TypeVar("Task")
Result = TypeVar("Result")


class Ended(Exception):
    """A call whose process ended, or was at its limits; the text says why.

    `at` is what it had said that follows; None where it had said nothing. `cause` is the limit of
    `memory` or of `time`, something from `outside`, or its `own` failure.
    """

    def __init__(
        self, why: str, at: str | None, cause: Literal["memory", "time", "outside", "own"]
    ) -> None:
        super().__init__(why)
        self.at = at
        self.cause = cause


def warm() -> None:
    """Start a child, which is ready by the time that it is needed."""
    if not _idle:
        _idle.append(_Child())


def leave() -> None:
    """Start no child from here on, for this process is being left: who wants one stands still."""
    _starting.acquire()


def results(
    function: Callable[[Task], Result], tasks: Iterable[Task], most: int
) -> Iterator[tuple[Task, Result | Ended]]:
    """Call a function on each task in at most so many children at once.

    Tasks are taken one by one, as children have nothing to do, and given back as they are done.

    Raises:
        OSError: the machine failed a child, as where the disk is full.
    """
    waiting = iter(tasks)
    running: dict[Connection, tuple[_Child, Task]] = {}
    try:
        while True:
            while len(running) < most and (task := next(waiting, None)) is not None:
                child = _idle.pop() if _idle else _Child()
                child.ask(function, task)
                running[child.connection] = child, task
            if not running:
                return
            for connection in wait(list(running)):
                assert isinstance(connection, Connection)
                child, task = running[connection]
                if (answer := child.answer()) is _GOES_ON:
                    continue
                del running[connection]
                if answer is _AGAIN:
                    child = _Child()
                    child.ask(function, task)
                    running[child.connection] = child, task
                elif isinstance(answer, OSError):
                    raise answer
                else:
                    yield task, answer
    finally:
        for child, _ in running.values():
            child.kill()


def follows(what: str | None) -> None:
    """In a child: say what is tried next, which has its time from now on. Else nothing happens."""
    if _parent is None:
        return
    _send(_FOLLOWS, what)
    _limit_time()


class _Child:
    """A process and what is said with it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        path = os.pathsep.join(filter(None, sys.path))
        with theirs, _starting:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # A library that runs out of memory says so in many lines.
                stderr=None if os.environ.get("KURASI_DEBUG") else subprocess.DEVNULL,
                env=os.environ | _ENVIRONMENT | {"PYTHONPATH": path},
            )
        self.connection = Connection(ours.detach())
        self.at: str | None = None
        self.has_begun = False

    def ask(self, function: Callable[[Any], Any], task: Any) -> None:
        self.at, self.has_begun = None, False
        with contextlib.suppress(OSError):  # it has ended meanwhile; `answer` sees that
            self.connection.send((function, task))

    def answer(self) -> Any:
        """What it says: the call's result or failure, `_GOES_ON`, or `_AGAIN`."""
        try:
            kind, what = self.connection.recv()
        except (EOFError, OSError):
            return self._ended()
        if kind == _FOLLOWS:
            self.at, self.has_begun = what, True
            return _GOES_ON
        if kind == _DONE:
            _idle.append(self)
            return what
        self.kill()  # what failed may have left its memory in disorder
        if isinstance(what, OSError):
            return what
        if isinstance(what, MemoryError):
            why = f"reading it needs more memory than {bounds().told('memory_mib')}"
            return Ended(why, self.at, "memory")
        return Ended(f"its reader failed ({what})", self.at, "own")

    def _ended(self) -> Any:
        self.connection.close()
        code = self.process.wait()
        # Whoever asks it to end asks this process too, so no file is to blame.
        if code == -signal.SIGTERM or (code == 0 and not self.has_begun):
            return _AGAIN
        if code == -signal.SIGXCPU:
            why = f"reading it takes more seconds of the processor than {bounds().told('seconds')}"
            return Ended(why, self.at, "time")
        if code == -signal.SIGABRT:  # how polars and pyarrow end where they get no memory
            why = f"reading it fails, mostly for want of memory: {bounds().told('memory_mib')}"
            return Ended(why, self.at, "memory")
        why = "the process that read it ended without a word, twice"
        # A machine that has no memory left ends processes so.
        return Ended(why, self.at, "outside" if code == -signal.SIGKILL else "own")

    def kill(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait()
        self.connection.close()


def serve(descriptor: int) -> None:
    """What a child does: one call after the other, until nobody asks for more."""
    global _parent
    _parent = Connection(descriptor)
    # Now, so that it is done by the first call, and is not counted against a file.
    from ingest.parsing import parse  # noqa: F401

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory()
    while _parent.poll(_IDLE_SECONDS):
        try:
            function, task = _parent.recv()
        except EOFError:
            return
        follows(None)
        try:
            _send(_DONE, function(task))
        except BaseException as problem:
            _send(_FAILED, _sendable(problem))


def _sendable(problem: BaseException) -> Exception:
    """A failure as the parent wants it: the machine's own errors, and others in one line."""
    if isinstance(problem, OSError) and problem.errno is not None:
        return OSError(problem.errno, problem.strerror, problem.filename)
    if isinstance(problem, MemoryError):
        return MemoryError()
    return RuntimeError(" ".join(f"{type(problem).__name__}: {problem}".split())[:200])


def _send(kind: str, what: Any) -> None:
    assert _parent is not None
    try:
        _parent.send((kind, what))
    except OSError:  # the parent is gone
        os._exit(0)


def _limit_memory() -> None:
    """From here on this process may take so much memory that all of it stays within the bound.

    What the system counts against the limit is reserved in part and never used, so it depends on
    what the process has already. Systems other than Linux don't tell that, and set no such limit.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return
    sizes = {}
    for line in status.read_text().splitlines():
        name, _, size = line.partition(":")
        if name in ("VmData", "VmRSS"):
            sizes[name] = int(size.split()[0]) * 2**10
    more = max(bounds().memory_mib * 2**20 - sizes["VmRSS"], 0)
    limit = sizes["VmData"] + more
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _limit_time() -> None:
    """From here on this process may work for so many seconds; then the system ends it."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    limit = int(time.process_time()) + 1 + bounds().seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))
