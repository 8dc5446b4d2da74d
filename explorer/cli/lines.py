"""Single lines on stdout and stderr, and JSON; without rich, so that saying little is quick."""

import io
import json
import math
import sys
from typing import Any


def prepare_streams() -> None:
    """Let no character stop a command; what is piped is UTF-8, as source code must be."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


def say(text: str) -> None:
    """A line for people on stdout, there at once even where it is piped."""
    sys.stdout.write(f"{one_line(text)}\n")
    sys.stdout.flush()


def say_aligned(text: str) -> None:
    """A line of columns for people: its spaces stay as they are."""
    sys.stdout.write("".join(c if c.isprintable() else " " for c in text).rstrip() + "\n")


def warn(text: str) -> None:
    """A line on stderr about what does not stop the command."""
    sys.stderr.write(f"warning: {one_line(text)}\n")


def complain(text: str) -> None:
    """The line on stderr that says why the exit code is not 0."""
    sys.stderr.write(f"error: {one_line(text)}\n")


def one_line(text: str) -> str:
    """Text that may come from a file: no line breaks, nothing that steers a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def print_json(document: Any) -> None:
    """One JSON document on stdout. NaN and infinity, which JSON has not, become null."""
    sys.stdout.write(json.dumps(_plain(document), allow_nan=False) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
