"""Who is to be told that something changed that the whole program shares.

Qt's signals would do, but for what outlives its listeners: PySide keeps some of the connections of
widgets that are gone, and looks through all that it keeps each time that a widget goes.
"""

from collections.abc import Callable

from explorer.app.weakly import weakly


class Listeners:
    """Methods without arguments, of whatever still lives when they are called."""

    def __init__(self) -> None:
        self._methods: list[Callable[[], None]] = []

    def connect(self, method: Callable[[], object]) -> None:
        """Call this bound method at each change, for as long as what it is bound to lives."""
        call = weakly(method, lambda _: self._methods.remove(call))
        self._methods.append(call)

    def emit(self) -> None:
        """Say that it changed."""
        for call in tuple(self._methods):
            call()
