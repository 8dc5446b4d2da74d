"""The way from the whole net to the group that the canvas shows; each step of it leads back."""

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from explorer.app import theme
from explorer.graph import Graph
from explorer.graph.grouping import levels

_LEFT, _TOP = 10, 8


class Breadcrumbs(QWidget):
    """A row of names in the corner of the canvas; hidden while the whole net is shown.

    Signals:
        chosen(str): the group to look into, "" for the whole net.
    """

    chosen = Signal(str)

    def __init__(self, canvas: QWidget):
        super().__init__(canvas)
        self.setObjectName("Breadcrumbs")
        self.setAccessibleName("Where you are")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 3, 6, 3)
        self._row.setSpacing(2)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def show_level(self, graph: Graph, level: str) -> None:
        """Show the way to a group; nothing for the whole net."""
        self._clear()
        self.setVisible(bool(level))
        if not level:
            return
        way = levels(graph, level)
        self._add_step("Net", "")
        for id in way[:-1]:
            self._add_step(graph.groups[id].label, id)
        here = QLabel(graph.groups[level].label)
        here.setFont(theme.font(bold=True))
        self._add(here)
        self.adjustSize()
        self.move(_LEFT, _TOP)
        self.raise_()

    def _add_step(self, words: str, level: str) -> None:
        step = QToolButton()
        step.setText(words)
        step.setAutoRaise(True)
        what = "Back to the whole net" if not level else f"Back to {words}"
        step.setToolTip(what)
        step.setAccessibleName(what)
        step.clicked.connect(partial(self._choose, level))
        self._add(step)
        self._add(QLabel("›"))

    def _add(self, part: QWidget) -> None:
        self._row.addWidget(part)
        part.show()  # the row is measured at once, before the event loop would show it

    def _choose(self, level: str, checked: bool = False) -> None:
        self.chosen.emit(level)

    def _clear(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()

    @Slot()
    def _restyle(self) -> None:
        colours = theme.current()
        self.setStyleSheet(
            f"#Breadcrumbs {{ background: {colours.panel}; border: 1px solid {colours.border};"
            f" border-radius: {theme.RADIUS}px; }}"
        )
