"""Who is told when a run fails, besides the interface.

What belongs here: the sensor that hands a failure to the program that `KURASI_ALERT` names. What
does not: mail and chats, which that program knows (`docs/operations.md`), and what a run did wrong.
"""

from __future__ import annotations

import os
import shlex
import subprocess

import dagster as dg

_LONGEST, _SECONDS = 2000, 60


@dg.run_failure_sensor(
    description="Gives each failed run's story to the program that KURASI_ALERT names, as text; "
    "without it, it does nothing. Runs of `kurasi run` are among them.",
)
def tell_failures(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """One call of the program for each run that failed; a call that fails is a failed tick."""
    command = shlex.split(os.environ.get("KURASI_ALERT", ""))
    if not command:
        return dg.SkipReason("KURASI_ALERT names no program")
    subprocess.run(command, input=story(context), text=True, timeout=_SECONDS, check=True)
    return None


def story(context: dg.RunFailureSensorContext) -> str:
    """Job and run in the first line, then what failed, in plain text."""
    run = context.dagster_run
    lines = [f"Kurasi: {run.job_name} failed (run {run.run_id})"]
    for event in context.get_step_failure_events():
        failure = event.step_failure_data
        told = failure.user_failure_data.description if failure.user_failure_data else None
        lines.append(f"{event.step_key}: {told or failure.error_display_string}")
    if len(lines) == 1:
        lines.append(str(context.failure_event.message))
    return "\n".join(lines)[:_LONGEST] + "\n"
