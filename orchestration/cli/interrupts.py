"""Ctrl-C and a request to stop: at any moment one line, no orphan, nothing half-written.

What belongs here: waiting for the signal in a thread of its own, so that no library can swallow it,
and leaving at once. What does not: finishing or undoing work. Every file of a home is whole or not
there (`storage.durable`), so leaving at any instant loses nothing and the next run goes on from
there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psutil

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
#: How long programs that we started may take to end before they are killed.
_PATIENCE_SECONDS = 2.0
#: What is said at the end; told in the language spoken once that is known.
_LAST_WORDS: dict[int, str] = {
    signal.SIGINT: "interrupted: what was finished is kept; call it again to go on",
    signal.SIGTERM: "stopped: what was finished is kept; call it again to go on",
}
_leaving = threading.Event()
_put_handler = signal.signal


def install() -> None:
    """From here on, SIGINT and SIGTERM end this process with 130 and 143.

    Call it before other threads are started. A signal that is ignored already, as of a job in the
    background, stays ignored.
    """
    wanted = {each for each in _SIGNALS if signal.getsignal(each) is not signal.SIG_IGN}
    received, write = os.pipe()
    os.set_blocking(write, False)
    for each in wanted:
        signal.signal(each, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    mask = signal.pthread_sigmask
    _protect(wanted)
    # Programs that we start inherit this: from a terminal Ctrl-C reaches them too, and each would
    # complain of it in its own words. They are ended below.
    mask(signal.SIG_BLOCK, wanted & {signal.SIGINT})
    # Dagster turns standard error to a file of its own while a step runs.
    stderr = os.dup(2)
    threading.Thread(
        target=_leave_on_signal, args=(wanted, received, stderr, mask), daemon=True
    ).start()


def wait() -> None:
    """Stand still while this process is being left: what fails because of that is no news."""
    if _leaving.is_set():
        threading.Event().wait()


def ignore() -> None:
    """From here on Ctrl-C is ignored: all is done, and only the interpreter tidies up."""
    _put_handler(signal.SIGINT, signal.SIG_IGN)


def _protect(wanted: set[signal.Signals]) -> None:
    """Let no library take the signals back: Dagster sets handlers, multiprocessing masks."""
    put_mask = signal.pthread_sigmask

    def keep_handler(number: int, handler: Any) -> Any:
        return signal.getsignal(number) if number in wanted else _put_handler(number, handler)

    def keep_mask(how: int, mask: Iterable[int]) -> set[int | signal.Signals]:
        kept = {signal.SIGINT} if how == signal.SIG_UNBLOCK else set()
        return put_mask(how, set(mask) - kept)

    signal.signal = keep_handler  # type: ignore[assignment]
    signal.pthread_sigmask = keep_mask


def _leave_on_signal(
    wanted: set[signal.Signals], received: int, stderr: int, mask: Callable[..., Any]
) -> None:
    mask(signal.SIG_UNBLOCK, wanted)
    number = 0
    while number not in wanted:
        number = os.read(received, 1)[0]
    _leaving.set()
    try:
        if children := sys.modules.get("ingest.children"):
            children.leave()
        _end(psutil.Process().children(recursive=True))
        storage = sys.modules.get("ingest.storage")
        for path in list(getattr(storage, "unfinished", ())):
            path.unlink(missing_ok=True)
        # As above: what a call has not imported yet is not needed now.
        language = sys.modules.get("orchestration.cli.language")
        told = getattr(language, "_", str)(_LAST_WORDS[number])
        os.write(stderr, f"{told}\n".encode())
    finally:  # whatever fails on the way, such as a pipe that nobody reads any more
        os._exit(128 + number)


def _end(processes: list[psutil.Process]) -> None:
    """Ask processes to end, and kill those that do not."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(processes, _PATIENCE_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, _PATIENCE_SECONDS)
