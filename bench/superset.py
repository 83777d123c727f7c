"""Superset with the bundle of `kurasi superset`: `python -m bench.superset [PICTURE]`.

What belongs here: a Superset of the check's own, what it answers, and what its SQL Lab refuses.
What does not: what a browser does (`superset_page.py`) and what can be seen without Superset
(`tests/publication/test_superset.py`).

Makes Superset in `.superset/` once (minutes), then, on a copy of the demo's home: imports the
bundle, publishes one more month under the running server, opens the dashboard, and compares what
its charts got with the editions' own tables. Prints Markdown; exit 1 where something is not as it
should be, 2 where a browser is missing.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import requests

from orchestration.superset.bundle import address
from orchestration.superset.charts import CHARTS

_ENVIRONMENT = Path(".superset")
_BIN = (_ENVIRONMENT / "bin").resolve()
_CONFIG = Path("deploy") / "superset_config.py"
_DEMO = Path("demo")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PACKAGES = (
    "apache-superset==6.1.0",
    f"duckdb=={duckdb.__version__}",
    "duckdb-engine==0.17.0",
    "flask-caching==2.3.1",  # later ones hand Superset 6.1 a setting that it does not know
    "cachetools",  # Superset imports both and does not ask for them
    "rich",
    "playwright==1.65.2",
)
#: What SQL may not do with the server. `{folder}` exists, `{folder}/secret.csv` too.
_FORBIDDEN = {
    "write a file": "copy (select 1 as number) to '{folder}/written.csv'",
    "write all tables": "export database '{folder}/exported'",
    "read a file as text": "select * from read_text('{folder}/secret.csv')",
    "read a file as a table": "select * from '{folder}/secret.csv'",
    "list files": "select * from glob('{folder}/*')",
    "attach another database": "attach '{folder}/other.duckdb'",
    "unlock reading": "set enable_external_access = true",
    "unlock settings": "set lock_configuration = false",
    "change another setting": "set threads = 1",
    "load an extension": "load httpfs",
    "install an extension": "install httpfs",
    "make a table": "create table mine as select 1 as number",
    "change a row": "update rpt_ranking set rank = 1",
    "delete rows": "delete from rpt_ranking",
}
_COUNTED = "from obt_post_month where is_official and is_counted and month = $month"
#: Of some charts the rows that they should get, from the tables of editions and not the reports.
_EXPECTED = {
    "unggahan": f"select count(*) {_COUNTED} and league = 'kanwil'",
    "interaksi": f"select cast(sum(value) as bigint) {_COUNTED} and league = 'kanwil'",
    "peringkat": "select rank, score from rank_monthly where is_official and month = $month "
    "and league = 'kanwil' and category = 'popular'",
    "platform": "select platform_name, count(*) "
    f"{_COUNTED} and league = 'kanwil' group by platform_name",
    "kelengkapan": "select state, count(distinct account_id) from fct_coverage "
    "where policy_id = 'kemenkum-2025-07' and month = $month group by state",
    "unggahan-per-hari": "select strftime(local_date, '%Y-%m-%d'), count(*) "
    f"{_COUNTED} and league = 'kanwil' group by local_date",
}


def main() -> int:
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        print("no browser here; on Debian: apt-get install chromium", file=sys.stderr)
        return 2
    _install()
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else _ENVIRONMENT / "dashboard.png"
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        home = folder / "home"
        shutil.copytree(_DEMO, home, symlinks=True)
        try:
            return _check(folder, home, browser, picture)
        finally:  # what is published is sealed
            subprocess.run(["chmod", "-R", "u+w", folder], check=True)


def _install() -> None:
    """Make Superset's environment where it is not there yet as wanted."""
    mark = _ENVIRONMENT / "packages.txt"
    wanted = "\n".join(_PACKAGES)
    if mark.is_file() and mark.read_text() == wanted:
        return
    print(f"installing Superset into {_ENVIRONMENT}, which takes minutes", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", _ENVIRONMENT], check=True)
    subprocess.run([_BIN / "pip", "install", "--quiet", *_PACKAGES], check=True)
    mark.write_text(wanted)


def _check(folder: Path, home: Path, browser: str, picture: Path) -> int:
    problems: list[str] = []
    _kurasi(home, "superset", "--out", folder / "kurasi.zip")
    with _server(folder) as server:
        problems += server.settings()
        problems += _refusals(server, folder, home)
        before = server.sql("select max(month) as month from rpt_ranking")
        _kurasi(home, "publish", "--month", "2025-09")
        after = server.sql("select max(month) as month from rpt_ranking")
        print(f"\nNewest month before a publication {before}, after it {after}: same server.")
        if before == after:
            problems.append("the server kept an old publication")
        seen = server.dashboard(browser, picture)
        problems += _charts(server, home, seen)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"\n{len(problems)} problems; the picture is {picture}.")
    return 1 if problems else 0


def _refusals(server: _Server, folder: Path, home: Path) -> list[str]:
    """Try what SQL may not do: as imported, with DML allowed, and, as a control, unlocked."""
    (folder / "secret.csv").write_text("number\n42\n")
    duckdb.connect(str(folder / "other.duckdb")).close()
    unlocked = server.add_unlocked(home / "published")
    problems, passed = [], 0
    print("| SQL that tries to | as imported | with DML allowed | without the lock |")
    print("|---|---|---|---|")
    answers: dict[str, list[str | None]] = {task: [] for task in _FORBIDDEN}
    for database, is_dml_allowed in (
        (server.database, False),
        (server.database, True),
        (unlocked, True),
    ):
        server.allow_dml(database, is_dml_allowed)
        for task, sql in _FORBIDDEN.items():
            answers[task].append(server.refusal(sql.format(folder=folder), database))
    server.allow_dml(server.database, False)
    for task, (imported, allowed, control) in answers.items():
        cells = [each or "**done**" for each in (imported, allowed, control)]
        print(f"| {task} | {' | '.join(cells)} |")
        passed += control is None
        if imported is None or allowed is None:
            problems.append(f"SQL could {task}")
    if not passed:
        problems.append("the control refused everything, so the table shows nothing")
    return problems


def _charts(server: _Server, home: Path, seen: dict[str, Any]) -> list[str]:
    """Compare what the dashboard's charts got with the tables of editions."""
    problems = [f"the page shows: {error}" for error in seen["errors"]]
    if seen["tiles"] != len(CHARTS):
        problems.append(f"{seen['tiles']} tiles and not {len(CHARTS)}")
    names = server.chart_names()
    got: dict[str, list[dict[str, Any]]] = {}
    for answer in seen["answers"]:
        number = answer["asked"]["form_data"].get("slice_id")
        if answer["status"] != 200:
            problems.append(f"chart {names.get(number)}: {answer['got']}")
        elif number:
            got[names[number]] = answer["got"]["result"][0]["data"]
    print("\n| chart | rows | as in the editions |\n|---|---|---|")
    base = duckdb.connect(str(home / "published/current/kurasi.duckdb"), read_only=True)
    (month,) = base.execute("select max(month) from rank_monthly").fetchall()[0]
    for chart in CHARTS:
        rows = got.get(chart.title, [])
        if not rows:
            problems.append(f"{chart.title}: no rows")
        told = "not compared"
        if chart.name in _EXPECTED:
            expected = base.execute(_EXPECTED[chart.name], {"month": month}).fetchall()
            is_equal = _plain(chart.name, rows) == sorted(expected)
            told = "yes" if is_equal else "**no**"
            if not is_equal:
                problems.append(f"{chart.title}: {_plain(chart.name, rows)} and not {expected}")
        print(f"| {chart.title} | {len(rows)} | {told} |")
    return problems


def _plain(name: str, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """A chart's rows in the form of those that are expected."""
    match name:
        case "peringkat":
            return sorted((row["rank"], row["score"]) for row in rows)
        case "platform":
            return sorted((row["platform_name"], row["counted_posts"]) for row in rows)
        case "kelengkapan":
            codes = {"lengkap": "complete", "sebagian": "partial", "tidak ada data": "missing"}
            sums = {
                code: int(sum(row.get(word) or 0 for row in rows)) for word, code in codes.items()
            }
            return sorted((code, count) for code, count in sums.items() if count)
        case "unggahan-per-hari":
            return sorted(
                (_day(row.pop("local_date")), int(sum(filter(None, row.values()))))
                for row in map(dict, rows)
            )
    return [tuple(row.values()) for row in rows]


def _day(milliseconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(milliseconds / 1000))


def _kurasi(home: Path, *words: str | Path) -> None:
    command = [Path(sys.executable).with_name("kurasi"), "--home", home, *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class _Server:
    """A running Superset, spoken to as its administrator."""

    def __init__(self, url: str, password: str) -> None:
        self.url, self.password = url, password
        self.session = requests.Session()
        self.session.headers["Referer"] = url
        asked = {"username": "admin", "password": password, "provider": "db"}
        token = self.call("post", "security/login", json=asked)["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        csrf = self.call("get", "security/csrf_token/")["result"]
        self.session.headers["X-CSRFToken"] = csrf
        (self.database,) = self.call("get", "database/")["ids"]

    def call(self, method: str, path: str, **words: Any) -> Any:
        answer = self.session.request(method, f"{self.url}/api/v1/{path}", timeout=120, **words)
        answer.raise_for_status()
        return answer.json()

    def settings(self) -> list[str]:
        """What the import made of the database's settings."""
        found = self.call("get", f"database/{self.database}")["result"]
        wanted = {"allow_dml": False, "allow_file_upload": False, "allow_ctas": False}
        wrong = {name: found[name] for name, value in wanted.items() if found[name] is not value}
        return [f"the database has {wrong}"] if wrong else []

    def add_unlocked(self, published: Path) -> int:
        """A database that is opened read-only and no more."""
        asked = {
            "database_name": "unlocked",
            "sqlalchemy_uri": address(published).partition("?")[0] + "?access_mode=read_only",
            "expose_in_sqllab": True,
        }
        return int(self.call("post", "database/", json=asked)["id"])

    def allow_dml(self, database: int, is_allowed: bool) -> None:
        self.call("put", f"database/{database}", json={"allow_dml": is_allowed})

    def execute(self, sql: str, database: int) -> requests.Response:
        asked: dict[str, Any] = {
            "database_id": database,
            "sql": sql,
            "schema": "main",
            "runAsync": False,
            "client_id": secrets.token_hex(5),
        }
        return self.session.post(f"{self.url}/api/v1/sqllab/execute/", json=asked, timeout=120)

    def sql(self, sql: str) -> list[dict[str, Any]]:
        """What SQL Lab answers."""
        answer = self.execute(sql, self.database)
        answer.raise_for_status()
        return list(answer.json()["data"])

    def refusal(self, sql: str, database: int) -> str | None:
        """Why SQL Lab refused, in a few words; None where it did as it was asked."""
        answer = self.execute(sql, database)
        if answer.ok:
            return None
        if answer.status_code >= 500 and "errors" not in answer.json():
            raise RuntimeError(answer.text)
        told = answer.json()
        message = told["errors"][0]["message"] if "errors" in told else str(told["message"])
        words = " ".join(message.split()).removeprefix("duckdb error: ")
        return words.partition('"')[0].strip()[:70].replace("|", "/")

    def chart_names(self) -> dict[int, str]:
        charts = self.call("get", "chart/?q=(page_size:100)")["result"]
        return {chart["id"]: chart["slice_name"] for chart in charts}

    def dashboard(self, browser: str, picture: Path) -> dict[str, Any]:
        """What the browser got."""
        command: list[str | Path] = [_BIN / "python", "-m", "bench.superset_page"]
        command += [browser, self.url, self.password, picture.resolve()]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        return dict(json.loads(done.stdout))


@contextmanager
def _server(folder: Path) -> Iterator[_Server]:
    """A Superset with the bundle imported, once by each of the two commands that take it."""
    password = secrets.token_urlsafe()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "FLASK_APP": "superset.app:create_app()",
        "SUPERSET_CONFIG_PATH": str(_CONFIG.resolve()),
        "SUPERSET_HOME": str(folder / "superset"),
        "SUPERSET_SECRET_KEY": secrets.token_urlsafe(42),
    }
    with zipfile.ZipFile(folder / "kurasi.zip") as archive:
        archive.extractall(folder)
    user = ["--username", "admin", "--password", password, "--email", "admin@example.org"]
    calls: list[list[str]] = [
        ["db", "upgrade"],
        ["fab", "create-admin", *user, "--firstname", "Ani", "--lastname", "Admin"],
        ["init"],
        ["import-dashboards", "--path", str(folder / "kurasi.zip"), "--username", "admin"],
        ["import-directory", "--overwrite", str(folder / "kurasi")],
    ]
    with (folder / "superset.log").open("w+") as log:
        for words in calls:
            print("superset", *words[:2], file=sys.stderr)
            command: list[str | Path] = [_BIN / "superset", *words]
            done = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False)
            if done.returncode:
                raise SystemExit((folder / "superset.log").read_text()[-2000:])
        command = [_BIN / "gunicorn", "--bind", f"127.0.0.1:{port}", "--timeout", "120"]
        command += ["--worker-class", "gthread", "--threads", "8", environment["FLASK_APP"]]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _await(f"{url}/health")
            yield _Server(url, password)
        finally:
            server.terminate()
            server.wait()


def _await(url: str) -> None:
    until = time.monotonic() + 180
    while True:
        try:
            requests.get(url, timeout=5).raise_for_status()
            return
        except requests.RequestException:
            if time.monotonic() > until:
                raise
            time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
