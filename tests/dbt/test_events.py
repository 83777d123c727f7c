"""What dbt writes stays the same, and what nobody reads is not put into words."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator

import pytest
from dbt_common.events.base_types import BaseEvent, EventLevel, EventMsg
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager
from dbt_common.events.logger import LineFormat, LoggerConfig
from dbt_common.events.types import Note, PrintEvent

from orchestration.dbt_events import only_what_is_written

_EVENTS: list[BaseEvent] = [Note(msg="told"), PrintEvent(msg="printed"), Note(msg="left out")]
_TIME = re.compile(r'[\d-]{10}T[\d:.]+Z|\d\d:\d\d:\d\d[.\d]*|"ts": "[^"]+"')
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def dbts_own() -> Iterator[None]:
    before = get_event_manager()
    ctx_set_event_manager(EventManager())
    yield
    ctx_set_event_manager(before)


def written(level: EventLevel, line_format: LineFormat) -> tuple[list[str], int]:
    """The lines that events of all levels come to at a level, and how many were put into words."""
    page = io.StringIO()
    put_into_words = []

    def scrubber(words: str) -> str:
        put_into_words.append(words)
        return words

    def filtered(event: EventMsg) -> bool:
        return event.info.msg != "left out"

    config = LoggerConfig(
        name=f"test {next(_numbers)}",
        filter=filtered,
        scrubber=scrubber,
        line_format=line_format,
        level=level,
        output_stream=page,
    )
    get_event_manager().add_logger(config)
    for event, its_level in itertools.product(_EVENTS, EventLevel):
        get_event_manager().fire_event(event, its_level)
    get_event_manager().loggers.clear()
    return [_TIME.sub("", line) for line in page.getvalue().splitlines()], len(put_into_words)


@pytest.mark.parametrize("line_format", LineFormat)
@pytest.mark.parametrize(
    "level", [EventLevel.DEBUG, EventLevel.INFO, EventLevel.WARN, EventLevel.ERROR]
)
def test_the_same_lines_and_no_others_put_into_words(
    level: EventLevel, line_format: LineFormat
) -> None:
    expected, all_of_them = written(level, line_format)
    assert all_of_them == 10  # what the filter lets through, whatever its level
    only_what_is_written()
    assert written(level, line_format) == (expected, len(expected))
