"""The command `python -m tests.installed [PYTHON …]`: the wheel in an environment of its own.

For each interpreter it makes an empty environment outside the checkout, installs the wheel and what
it stands on by pip, and takes a sample world from exports to a verified edition: minutes for each.

What belongs here: what an installation must do. What does not: what is in the wheel
(`test_package.py`), which every `make test` looks at.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from orchestration.publication.manifest import versions
from orchestration.shipped import ROOT

_MONTH = "2025-07"


def main(interpreters: Sequence[str]) -> None:
    """Check each interpreter, one after the other."""
    with tempfile.TemporaryDirectory(prefix="kurasi-installed-") as folder:
        wheel = build_wheel(Path(folder))
        for number, interpreter in enumerate(interpreters):
            place = Path(folder) / str(number)
            place.mkdir()
            print(f"== {interpreter}", flush=True)
            _Installation(place, interpreter, wheel).check()
            print(f"== {interpreter}: an installed wheel does it all", flush=True)


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout without a network, and nothing but it; returns its path."""
    settings = folder / "build.cfg"
    settings.write_text(f"[build]\nbuild_base={folder / 'build'}\n[egg_info]\negg_base={folder}\n")
    words = ["wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run(
        [sys.executable, "-m", "pip", *words, "--wheel-dir", folder, ROOT],
        env={**os.environ, "DIST_EXTRA_CONFIG": str(settings)},
        check=True,
    )
    [wheel] = folder.glob("kurasi-*.whl")
    return wheel


class _Installation:
    """An environment with the wheel, and a home; both in a folder outside the checkout."""

    def __init__(self, folder: Path, interpreter: str, wheel: Path) -> None:
        self.folder, self.environment, self.home = folder, folder / "venv", folder / "home"
        self._call(interpreter, "-m", "venv", self.environment)
        self._run("pip", "install", "--quiet", "--disable-pip-version-check", wheel)

    def check(self) -> None:
        before = self._files()
        kurasi = ("kurasi", "--home", self.home)
        self._run(*kurasi, "--version")
        self._run("python", "-m", "ingest.sample", self.home)
        self._run(*kurasi, "init")
        workspace = ("--workspace", self.home / "dagster" / "workspace.yaml")
        self._run("dagster", "definitions", "validate", *workspace)
        self._run(*kurasi, "run", code=1)  # the sample world has a file that is no export
        self._run(*kurasi, "publish", "--month", _MONTH, "--final")
        [edition] = (self.home / "published" / _MONTH).glob("*-final-1")
        self._run(*kurasi, "verify", edition)
        self._run(*kurasi, "doctor")
        manifest = json.loads((edition / "manifest.json").read_bytes())
        assert manifest["code"] == versions()["code"], "the wheel has other code than the checkout"
        new = self._files() - before
        assert not new, f"written where it is installed: {sorted(map(str, new))}"

    def _run(self, program: str, *words: str | Path, code: int = 0) -> None:
        print("  ", program, *words, flush=True)
        self._call(self.environment / "bin" / program, *words, code=code)

    def _call(self, *words: str | Path, code: int = 0) -> None:
        ours = {
            "PYTHONDONTWRITEBYTECODE": "1",
            "KURASI_HOME": str(self.home),
            "DAGSTER_HOME": str(self.home / "dagster"),
        }
        theirs = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(words, cwd=self.folder, env={**theirs, **ours}, check=False)
        assert done.returncode == code, f"{words[0]} ended with {done.returncode}, not {code}"

    def _files(self) -> set[Path]:
        return {path for path in self.environment.rglob("*") if path.is_file()}


if __name__ == "__main__":
    main(sys.argv[1:] or [sys.executable])
