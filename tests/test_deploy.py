"""What is written for machines that run Kurasi fits the program; containers are not started."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration import shipped
from orchestration.shipped import ROOT

DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "operations.md").read_text("utf-8")
BIN = Path(sys.executable).parent
OURS = ("init", "daemon", "webserver")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return dict(compose["services"])


def test_nobody_gets_in_but_by_the_proxy(services: dict[str, Any]) -> None:
    assert [name for name in services if "ports" in services[name]] == ["proxy", "superset"]
    assert services["superset"]["ports"] == ["127.0.0.1:8088:8088"]
    assert [name for name in services if "outside" in services[name]["networks"]] == [
        "proxy",
        "superset",
    ]
    assert "--read-only" in services["webserver"]["command"]


def test_our_services_write_to_the_home_alone(services: dict[str, Any]) -> None:
    for name in OURS:
        service = services[name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"] and service["user"], name
        [home] = service["volumes"]
        assert home.endswith(":/srv/kurasi"), name
    assert services["superset"]["volumes"][1].endswith("/published:/published:ro")


def test_the_home_of_the_containers_keeps_its_runs_in_postgresql(
    services: dict[str, Any], tmp_path: Path
) -> None:
    shell, options, script = services["init"]["command"]
    settings = tmp_path / "home" / "dagster" / "dagster.yaml"
    once = yaml.safe_load((ROOT / "dagster.yaml").read_text("utf-8"))
    postgres = yaml.safe_load((ROOT / "dagster.postgres.yaml").read_text("utf-8"))
    for _ in range(2):
        subprocess.run(
            [shell, options, script.replace("$$", "$")],
            env={"PATH": f"{BIN}:{os.defpath}", "KURASI_HOME": str(tmp_path / "home")},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        assert yaml.safe_load(settings.read_text("utf-8")) == {**once, **postgres}


def test_every_setting_has_an_example_and_an_explanation() -> None:
    compose = (DEPLOY / "compose.yaml").read_text("utf-8")
    example = (DEPLOY / "example.env").read_text("utf-8")
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", compose))
    assert asked == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert [name for name in sorted(asked) if f"| `{name}` |" not in GUIDE] == []


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")))
def test_a_unit_starts_programs_that_an_installation_has(unit: Path) -> None:
    commands = re.findall(r"^Exec\w+=/opt/kurasi/bin/(\S+)", unit.read_text("utf-8"), re.MULTILINE)
    assert commands and all((BIN / name).exists() for name in commands)


def test_an_image_is_built_of_all_that_a_wheel_is_made_of() -> None:
    let_in = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    links = [path for path in Path(shipped.__file__).parent.iterdir() if path.is_symlink()]
    needed = {path.resolve().name for path in links} | {"ingest", "orchestration", "pyproject.toml"}
    assert needed <= set(let_in)


def test_superset_reads_files_of_the_version_that_is_written() -> None:
    [locked] = re.findall(r"^duckdb==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert locked in (DEPLOY / "superset.Dockerfile").read_text("utf-8").split()
