"""Who is to be told that something changed that the whole program shares.

Qt's signals would do, but for what outlives its listeners: PySide keeps some of the connections of
widgets that are gone, and looks through all that it keeps each time that a widget goes.
"""

import weakref
from collections.abc import Callable
from typing import Any

import shiboken6


class Listeners:
    """Methods without arguments, of whatever still lives when they are called."""

    def __init__(self) -> None:
        self._methods: list[tuple[weakref.ref[Any], str]] = []

    def connect(self, method: Callable[[], object]) -> None:
        """Call this bound method at each change, for as long as what it is bound to lives."""
        owner: Any = method.__self__  # type: ignore[attr-defined]
        self._methods.append((weakref.ref(owner, self._forget), method.__name__))

    def _forget(self, owner: "weakref.ref[Any]") -> None:
        self._methods = [each for each in self._methods if each[0] is not owner]

    def emit(self) -> None:
        """Say that it changed."""
        for owner, name in self._methods:
            listener = owner()
            if listener is not None and shiboken6.isValid(listener):
                getattr(listener, name)()
