"""Progress lines, expected failures, and commands with their output in a log file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

HEARTBEAT_SECONDS = 20
TAIL_LINES = 12
TELLING = re.compile(r"^\d{4}-.* (?:ERROR|CRITICAL) |^[\w.]+(?:Error|Exception): ")
_started = time.monotonic()


class StepFailedError(Exception):
    """An expected failure: why it happened and what the reader can do about it.

    ``step`` is filled in by the innermost :func:`step` that the error passes.
    """

    def __init__(self, why: str, advice: str, log: Path | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.advice = advice
        self.log = log
        self.step = ""


def say(text: str) -> None:
    """Print one progress line with the seconds since the start."""
    print(f"[{time.monotonic() - _started:6.1f}s] {text}", flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step; a :class:`StepFailedError` leaving it carries the title."""
    say(title)
    try:
        yield
    except StepFailedError as error:
        error.step = error.step or title
        raise


def guarded(main: Callable[[Sequence[str]], int]) -> int:
    """Run ``main(argv)``; turn expected failures into text and an exit code."""
    try:
        return main(sys.argv[1:])
    except StepFailedError as error:
        print(f"\nFAILED: {error.step or 'set-up'}", file=sys.stderr)
        print(f"  why:        {error.why}", file=sys.stderr)
        if error.log:
            print(f"  full log:   {error.log}", file=sys.stderr)
        print(f"  what to do: {error.advice}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the lines of a log that tell most, indented for display.

    These are the last errors that Odoo logged and the last lines of tracebacks;
    without any, the last lines.
    """
    if not log.exists():
        return "(no output)"
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()
    telling = [line for line in text if TELLING.search(line)]
    chosen = (telling or text)[-lines:]
    return "\n".join(f"    | {line[:300]}" for line in chosen) or "(no output)"


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    why: str,
    advice: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Run a command to its end with all output in ``log``.

    Raises :class:`StepFailedError` with ``why``, the tail of the log and ``advice``
    when the command cannot start or exits with anything but zero. Says every
    20 seconds that it is still at work.
    """
    returncode = exit_code(command, log=log, env=env, cwd=cwd)
    if returncode:
        detail = f"{why} (exit code {returncode}):\n{tail(log)}"
        raise StepFailedError(detail, advice, log)


def exit_code(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> int:
    """Run a command, output in ``log``; return its exit code (127: not found)."""
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    with log.open("wb") as sink:
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=dict(os.environ if env is None else env),
                cwd=cwd,
            )
        except OSError as error:
            sink.write(f"{words[0]}: {error}\n".encode())
            return 127
        return _wait(process, log)


def _wait(process: subprocess.Popen[bytes], log: Path) -> int:
    began = time.monotonic()
    try:
        while True:
            try:
                return process.wait(HEARTBEAT_SECONDS)
            except subprocess.TimeoutExpired:
                seconds = time.monotonic() - began
                say(f"  still at work after {seconds:.0f}s ({log.name})")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def output(command: Sequence[str | Path], **kwargs: object) -> str | None:
    """Return the standard output of a short query, or None when it fails."""
    try:
        done = subprocess.run(  # noqa: PLW1510
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            **kwargs,  # type: ignore[arg-type]
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
