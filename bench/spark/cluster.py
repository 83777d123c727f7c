"""A standalone Spark cluster on this machine: a master and two workers, processes of their own.

What belongs here: starting and ending them, on 127.0.0.1 alone. What does not: what runs on them.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

WORKERS = 2
_SECONDS = 180


@contextlib.contextmanager
def running(environment: Path, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """The master's address and the processes' IDs while the cluster runs; a worker has one core.

    Args:
        environment: the virtual environment that holds pyspark.
        folder: for the workers' files and the cluster's logs.

    Raises:
        SystemExit: the master or a worker did not come up.
    """
    home = next(environment.glob("lib/python*/site-packages/pyspark"))
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    commands = [[f"{deploy}.master.Master", "--port", str(port)]]
    for number in range(WORKERS):
        work = str(folder / f"worker-{number}")
        commands.append([f"{deploy}.worker.Worker", "-c", "1", "-m", "2560M", "-d", work, master])
    variables = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    variables |= {"SPARK_NO_DAEMONIZE": "1", "SPARK_DAEMON_MEMORY": "256m"}
    processes = []
    with contextlib.ExitStack() as stack:
        for number, words in enumerate(commands):
            log_path = folder / f"cluster-{number}.log"
            log = stack.enter_context(log_path.open("w"))
            command = [str(home / "bin" / "spark-class"), *words, "--host", "127.0.0.1"]
            command += ["--webui-port", "0"]
            process = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
            stack.callback(_end, process)
            processes.append(process.pid)
            awaited = "Starting Spark master" if number == 0 else "Successfully registered"
            _wait(process, log_path, awaited)
        yield master, processes


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], log: Path, words: str) -> None:
    end = time.monotonic() + _SECONDS
    while words not in log.read_text():
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"Spark did not start: {log}")
        time.sleep(0.5)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()
