"""The dashboard in a browser: `-m bench.superset_page BROWSER URL PASSWORD PICTURE`.

What belongs here: what a reader of the dashboard does and gets. What does not: whether it is right
(`superset.py`, which calls this in Superset's own environment, where Playwright is).

Prints as JSON what the browser asked for each chart and what it got, and the errors it showed.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response, sync_playwright

_WIDTH, _HEIGHT = 1400, 900
_MOST_SECONDS = 180
_TILE = ".dashboard-component-chart-holder"
#: What Superset shows until a chart is drawn.
_LOADING = ".loading, [data-test='loading-indicator'], .ant-skeleton, .ant-spin-spinning"
_ERRORS = ".ant-alert-error, [data-test='error-alert'], .ant-empty-description"
_BOTTOM = f"""Math.ceil(Math.max(...[...document.querySelectorAll("{_TILE}")]
    .map(tile => tile.getBoundingClientRect().bottom)))"""


def look(browser_path: str, url: str, password: str, picture: Path) -> dict[str, Any]:
    """Open the dashboard as `admin`, wait until all is drawn, and take its picture."""
    answers: list[dict[str, Any]] = []

    def keep(response: Response) -> None:
        if "/api/v1/chart/data" in response.url:
            asked = response.request.post_data_json
            answers.append({"status": response.status, "asked": asked, "got": response.json()})

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": _WIDTH, "height": _HEIGHT},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
        )
        page.set_default_timeout(_MOST_SECONDS * 1000)
        page.on("response", keep)
        page.goto(f"{url}/login/")
        page.fill("#username", "admin")
        page.fill("#password", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda at: "/login" not in at)
        page.goto(f"{url}/superset/dashboard/kurasi/")
        _wait(page)
        # As high as the dashboard, so that every tile is on the picture.
        page.set_viewport_size({"width": _WIDTH, "height": page.evaluate(_BOTTOM) + 20})
        _wait(page)
        page.screenshot(path=picture)
        errors = page.locator(_ERRORS).all_inner_texts()
        tiles = page.locator(_TILE).count()
        browser.close()
    return {"answers": answers, "errors": errors, "tiles": tiles}


def _wait(page: Page) -> None:
    """Until nothing was loading for some seconds, and what was drawn stands still."""
    page.wait_for_selector(_TILE)
    until, quiet = time.monotonic() + _MOST_SECONDS, 0
    while quiet < 6:
        if time.monotonic() > until:
            raise TimeoutError("the dashboard is still loading")
        page.wait_for_timeout(1000)
        quiet = 0 if page.locator(_LOADING).count() else quiet + 1


if __name__ == "__main__":
    chromium, address, secret, target = sys.argv[1:]
    print(json.dumps(look(chromium, address, secret, Path(target))))
