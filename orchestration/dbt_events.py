"""What dbt says, put into words only where somebody reads it.

dbt fires some thousand events in a build, most of them for debugging, and makes a line of each for
the terminal and one for the log before it looks whether either is written at all. Here it looks
first. What is written stays the same.

What belongs here: that look. What does not: which levels are written, which are dbt's settings
(`dbt_project/dbt_project.yml`, the command line).
"""

from __future__ import annotations

from dataclasses import replace

from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager
from dbt_common.events.logger import PRINT_EVENT_NAMES, LoggerConfig

_LEVELS = list(EventLevel)


def only_what_is_written() -> None:
    """From now on dbt in this process makes no line that nobody reads."""
    ctx_set_event_manager(_LevelsFirst())


class _LevelsFirst(EventManager):
    """Loggers whose filter knows their level."""

    def add_logger(self, config: LoggerConfig) -> None:
        written = _LEVELS[_LEVELS.index(config.level) :]

        def is_written(event: EventMsg) -> bool:
            # What a user lets dbt print is written at every level.
            is_due = event.info.level in written or event.info.name in PRINT_EVENT_NAMES
            return is_due and config.filter(event)

        super().add_logger(replace(config, filter=is_written))
