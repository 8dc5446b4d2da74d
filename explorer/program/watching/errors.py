"""Why a watch has no value, and what may have been meant."""

from collections.abc import Iterable
from difflib import get_close_matches


class WatchError(ValueError):
    """A watch that has no value here; the message says why, and how to mend it."""


class WatchedTooEarlyError(WatchError):
    """A watch of what comes to be further on in the walk; `title` says what that is called."""

    def __init__(self, title: str, sentence: str):
        super().__init__(sentence)
        self.title = title


def meant(name: str, known: Iterable[str]) -> str:
    """Which of the known names are near: " did you mean fc1.w?"; "" where none is."""
    close = get_close_matches(name, list(known), n=3)
    return f": did you mean {' or '.join(close)}?" if close else ""
