"""The expressions that a person watches, in their order; those of each file come back with it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from explorer.app.document import Document

_SETTING, _MOST_FILES = "watches", 50


@dataclass(frozen=True)
class Watch:
    """One expression; one that is off is kept and not read."""

    expression: str
    is_on: bool = True


class Watches(QObject):
    """A list of watches. `changed` tells of every change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._watches: list[Watch] = []

    @property
    def all(self) -> tuple[Watch, ...]:
        return tuple(self._watches)

    @property
    def read(self) -> tuple[str, ...]:
        """The expressions that are to be read."""
        return tuple(watch.expression for watch in self._watches if watch.is_on)

    def add(self, expression: str) -> None:
        """Watch an expression; one that is there already is switched on."""
        expression = expression.strip()
        known = [watch.expression for watch in self._watches]
        if expression in known:
            self.switch(known.index(expression), True)
        elif expression:
            self._watches.append(Watch(expression))
            self.changed.emit()

    def edit(self, row: int, expression: str) -> None:
        """Watch another expression in the place of one; nothing typed changes nothing."""
        expression = expression.strip()
        if expression and expression != self._watches[row].expression:
            self._watches[row] = replace(self._watches[row], expression=expression)
            self.changed.emit()

    def switch(self, row: int, on: bool) -> None:
        """Read one from now on, or keep it without."""
        self._watches[row] = replace(self._watches[row], is_on=on)
        self.changed.emit()

    def remove(self, row: int) -> None:
        del self._watches[row]
        self.changed.emit()

    def move(self, row: int, to: int) -> None:
        """Put one in another place, counted without it; beyond the ends is at the end."""
        watch = self._watches.pop(row)
        self._watches.insert(max(to, 0), watch)
        self.changed.emit()

    def put(self, watches: Sequence[Watch]) -> None:
        """Have these in the place of all."""
        self._watches = list(watches)
        self.changed.emit()


class WatchKeeper(QObject):
    """Keeps the watches of each file, and of each starter graph, among the window's settings.

    They are how a person looks at a net and no part of it: a graph's file stays as it is. A graph
    without a file keeps its watches as soon as it is saved.
    """

    def __init__(self, watches: Watches, document: Document, settings: QSettings):
        super().__init__(watches)
        self._watches, self._document, self._settings = watches, document, settings
        self._name = self._name_now
        watches.put(self._kept.get(self._name, ()))
        watches.changed.connect(self._keep)
        document.replaced.connect(self._take_up)
        document.changed.connect(self._follow)

    @property
    def _name_now(self) -> str:
        document = self._document
        if document.path is not None:
            return str(document.path.resolve())
        return document.title if document.is_example else ""

    @property
    def _kept(self) -> dict[str, list[Watch]]:
        """What is kept, by file; what cannot be read is passed over."""
        try:
            found = json.loads(str(self._settings.value(_SETTING, "{}")))
            return {
                str(name): [Watch(str(text), bool(is_on)) for text, is_on in rows]
                for name, rows in found.items()
            }
        except (ValueError, TypeError, AttributeError):
            return {}

    @Slot(object)
    def _take_up(self) -> None:
        """Another graph was opened."""
        self._name = self._name_now
        self._watches.put(self._kept.get(self._name, ()))

    @Slot()
    def _follow(self) -> None:
        """The graph may have a file of another name now."""
        if self._name != self._name_now:
            self._name = self._name_now
            self._keep()

    @Slot()
    def _keep(self) -> None:
        if not self._name:
            return
        kept = self._kept
        kept.pop(self._name, None)
        if self._watches.all:
            kept[self._name] = list(self._watches.all)
        latest = list(kept.items())[-_MOST_FILES:]
        rows = {name: [(w.expression, w.is_on) for w in watches] for name, watches in latest}
        self._settings.setValue(_SETTING, json.dumps(rows))
