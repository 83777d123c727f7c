"""Ctrl-C, at any moment: one line, exit 130, no child left, nothing half-written, and go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.sample import Habit, make_world, write_world
from tests.conftest import Kurasi

LINE = "interrupted: what was finished is kept; call it again to go on"
Moment = Callable[[int, str], bool]


def processes(session: int) -> Iterator[list[str]]:
    """The command lines of a session's processes that have not ended."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, own = (path / "stat").read_text().rpartition(")")[2].split()[:4]
            command = (path / "cmdline").read_bytes().decode().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(own) == session and state != "Z":
            yield command


def reading(_: int, told: str) -> bool:
    return "archived" in told


def dbt_builds(session: int, _: str) -> bool:
    return any("build" in words and "dbt" in words[1] for words in processes(session) if words[1:])


def interrupt(
    home: Path, moment: Moment, number: signal.Signals, *, whole_group: bool
) -> tuple[int, list[str]]:
    """Start a run, wait for the moment, send the signal; gives exit code and lines told."""
    log = home.parent / "stderr"
    with log.open("w") as told:
        run = subprocess.Popen(
            [Path(sys.executable).with_name("kurasi"), "--home", home, "run"],
            stdout=subprocess.DEVNULL,
            stderr=told,
            start_new_session=True,
        )
        while run.poll() is None and not moment(run.pid, log.read_text()):
            time.sleep(0.01)
        (os.killpg if whole_group else os.kill)(run.pid, number)
        code = run.wait()
    assert list(processes(run.pid)) == []
    return code, log.read_text().splitlines()


def test_a_run_is_interrupted_wherever_it_is_and_the_next_one_goes_on(
    tmp_path: Path, kurasi: Kurasi
) -> None:
    home = tmp_path / "home"
    world = make_world(3, ("2025-08",), posts_per_account_month=2, offices=2, habit=Habit(360))
    write_world(world, home)
    assert kurasi(home, "init").code == 0
    # A terminal sends it to the children too, `kill` to the process alone.
    for moment, number, whole_group in (
        (reading, signal.SIGINT, True),
        (dbt_builds, signal.SIGINT, True),
        (dbt_builds, signal.SIGINT, False),
        (dbt_builds, signal.SIGTERM, False),
    ):
        code, told = interrupt(home, moment, number, whole_group=whole_group)
        assert code == 128 + number, told
        assert told[-1] == (
            LINE if number == signal.SIGINT else LINE.replace("interrupted", "stopped")
        )
        assert not [line for line in told if "Traceback" in line or "error" in line]
        assert not list(home.rglob(".*.tmp"))
    done = kurasi(home, "run", "--json")
    assert done.code == 0, done.err
    # The sample's posts begin in the week before its month.
    assert done.json["months"] == ["2025-07", "2025-08"]
    assert kurasi(home, "doctor").code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_libraries_cannot_take_the_signal_back(number: signal.Signals) -> None:
    program = (
        "import os, signal, sys, time; from orchestration.cli import interrupts;"
        "interrupts.install();"
        "signal.signal(signal.SIGINT, lambda *_: None); signal.signal(signal.SIGTERM, print);"
        "signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT]);"
        f"os.kill(os.getpid(), {int(number)}); time.sleep(60)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 128 + number
    assert len(done.stderr.splitlines()) == 1


def test_it_is_left_also_where_nobody_reads_any_more() -> None:
    program = (
        "import os, time; from orchestration.cli import interrupts; interrupts.install();"
        "print('ready', flush=True); time.sleep(90)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stderr.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 143


def test_a_call_that_is_done_ends_as_it_was_done() -> None:
    program = (
        "import atexit, os, signal, sys, time; from orchestration.cli.main import main;"
        "atexit.register(lambda: (os.kill(os.getpid(), signal.SIGINT), time.sleep(3)));"
        "sys.argv = ['kurasi', '--help']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
