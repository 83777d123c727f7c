"""A dbt that starts, and reads the project, while its caller does something else.

dbt takes seconds before it runs its first model: it imports itself and reads the project. `kurasi
run` lets it do so on a second core while exports are read. `kurasi-dbt build`, as Dagster starts
it, then hands its words, environment and output to the dbt that stands by, and waits for its end.
Where none stands by, or it is gone, `kurasi-dbt` is dbt as ever.

What belongs here: starting that process, and what is said between the two. What does not: on which
home and project dbt works (`cli/dbt.py`), and imports that take time, for Dagster calls
`kurasi-dbt` twice with each build.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.home import Home
from orchestration.shipped import manifest_folder

#: The first word of a `kurasi-dbt` that stands by; then comes the descriptor on which it listens.
WORD = "--stand-by"
#: In the environment: where one listens.
_ADDRESS = "KURASI_DBT_STANDS_BY"
_INTERRUPTED = 130


@contextmanager
def standing_by(home: Home) -> Iterator[None]:
    """Within it a dbt for this home starts, or stands by; there is its warehouse's folder. It ends
    with this process, and at the end of the context, unless it was called: then it does what it was
    called for, as any other."""
    with TemporaryDirectory(prefix="kurasi-") as folder, socket.socket(socket.AF_UNIX) as listener:
        address = str(Path(folder) / "dbt")
        try:
            listener.bind(address)
        except OSError:  # a socket may not have as long a path as this folder
            yield
            return
        listener.listen(1)
        command = [str(Path(sys.executable).with_name("kurasi-dbt")), "--home", str(home.root)]
        process = subprocess.Popen(
            [*command, WORD, str(listener.fileno())],
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        listener.close()
        os.environ[_ADDRESS] = address
        try:
            yield
        finally:
            del os.environ[_ADDRESS]
            process.communicate()


def ask(words: list[str]) -> int | None:
    """Let the dbt that stands by do a build.

    Args:
        words: those of the command line, without the home's.

    Returns:
        Its exit code; None where none stands by, or this is no build.
    """
    address = os.environ.pop(_ADDRESS, None)
    if address is None or "build" not in words:
        return None
    with socket.socket(socket.AF_UNIX) as way:
        try:
            way.connect(address)
            socket.send_fds(way, [b"\n"], [sys.stdout.fileno(), sys.stderr.fileno()])
            call = {"words": words, "environment": dict(os.environ)}
            way.sendall(json.dumps(call).encode() + b"\n")
            return _answer(way)
        except (ConnectionError, FileNotFoundError):  # it ended before, or does another build
            return None


def _answer(way: socket.socket) -> int:
    """The exit code of the build, once it has ended."""
    while True:
        try:
            answer = way.recv(1)
        except KeyboardInterrupt:
            way.shutdown(socket.SHUT_WR)  # it breaks off and answers
        else:
            return answer[0] if answer else _INTERRUPTED


def serve(descriptor: int, home: Home) -> int:
    """Start dbt and read the project; do the one build that is asked for, and return its exit code.

    The working folder and the environment are dbt's already. Ends the process where nobody will ask
    any more.
    """
    is_called = threading.Event()
    threading.Thread(target=_end_with_parent, args=(is_called,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from dbt.cli.exceptions import DbtUsageException
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    from orchestration.dbt_events import only_what_is_written

    only_what_is_written()
    # What it writes of this reading nobody needs.
    with TemporaryDirectory() as folder:
        kept = manifest_folder(home) / "partial_parse.msgpack"
        reading = ["--quiet", "parse", "--partial-parse-file-path", str(kept)]
        read = dbtRunner().invoke([*reading, "--target-path", folder, "--log-path", folder])
    if not isinstance(read.result, Manifest):  # whoever builds will be told why
        return 1
    gc.freeze()  # the project stays: the collector need not look through it again and again
    with socket.socket(fileno=descriptor) as listener:
        way, _ = listener.accept()
    with way:
        is_called.set()
        call = _taken(way)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Thread(target=_end_with_caller, args=(way,), daemon=True).start()
        done = dbtRunner(manifest=read.result).invoke(call)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller leaves, now that it has an answer
        # As dbt's own command: 1 where a node failed, 2 where it got no further.
        code = 0 if done.success else 2 if done.exception else 1
        if isinstance(done.exception, DbtUsageException):  # all else it has told
            print(done.exception, file=sys.stderr)
        sys.stdout.flush()
        way.sendall(bytes([code]))
    return code


def _taken(way: socket.socket) -> list[str]:
    """Take over what a caller has: its output, its environment and its words."""
    _, (out, err), _, _ = socket.recv_fds(way, 1, 2)
    os.dup2(out, sys.stdout.fileno())
    os.dup2(err, sys.stderr.fileno())
    os.close(out)
    os.close(err)
    with way.makefile() as lines:
        call = json.loads(lines.readline())
    os.environ.clear()
    os.environ.update(call["environment"])
    return list(call["words"])


def _end_with_parent(is_called: threading.Event) -> None:
    os.read(0, 1)  # until the parent closes it, or is gone
    if not is_called.is_set():
        os._exit(0)


def _end_with_caller(way: socket.socket) -> None:
    way.recv(1)  # until the caller is interrupted or gone
    os.kill(os.getpid(), signal.SIGINT)
