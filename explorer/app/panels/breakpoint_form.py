"""What a new breakpoint is to be: at what it stops, with which limit, at which node and when."""

from collections.abc import Collection, Sequence
from math import isnan, nan

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.fields import Choice
from explorer.app.panels.notice import Notice
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.program import Breakpoint, NodeBreakpoint, ValueBreakpoint
from explorer.program.breakpoints import HAS_NO_LIMIT, PHASES, Quantity, When

_REACHED = "reached"
_WHAT: dict[str, str] = {
    _REACHED: "A node is reached",
    "gradient_norm_above": "Gradient norm above",
    "gradient_norm_below": "Gradient norm below",
    "nonfinite": "NaN or infinite",
    "dead_share_above": "Dead units above",
    "loss_rises_by": "Loss rises by more than",
}
_USUAL: dict[Quantity, str] = {
    "gradient_norm_above": "10",
    "gradient_norm_below": "1e-6",
    "nonfinite": "",
    "dead_share_above": "50 %",
    "loss_rises_by": "0.5",
}
_WHEN: dict[When, str] = {
    "both": "both passes",
    "forward": "forward",
    "backward": "backward",
}


class BreakpointForm(QWidget):
    """A row of choices; `added` tells the breakpoint that they make."""

    added = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._what = _choice("Stop where", "What training is to stop at", letters=16)
        for name, words in _WHAT.items():
            self._what.addItem(words, name)
        self._what.currentIndexChanged.connect(self._offer)
        self._limit = QLineEdit()
        self._limit.setAccessibleName("Limit")
        self._limit.setToolTip("Beyond which number it stops")
        self._limit.setMaximumWidth(90)
        self._limit.returnPressed.connect(self._add)
        self._node = _choice("Node", "At which node it stops")
        self._node.activated.connect(self._on_node)
        self._when = _choice("When", "In which pass it stops")
        self._button = QPushButton("Add")
        self._button.setAccessibleName("Add breakpoint")
        self._button.setToolTip("Add this breakpoint to the list")
        self._button.clicked.connect(self._add)
        self._notice = Notice()
        self._nodes: Sequence[str] = ()
        self._with_backward: Collection[str] = ()
        self._wanted_node = ""
        self._lay_out()
        self._offer()

    def show_nodes(self, nodes: Sequence[str], with_backward: Collection[str]) -> None:
        """The nodes that there are, and those of them that backward goes through."""
        if (nodes, with_backward) != (self._nodes, self._with_backward):
            self._nodes, self._with_backward = nodes, with_backward
            self._offer_nodes()

    def _lay_out(self) -> None:
        row = WrappingRow(spacing=theme.SPACING)
        for control in (self._what, self._limit, self._node, self._when, self._button):
            row.addWidget(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        column.addWidget(self._notice)
        column.addLayout(row)

    @property
    def _quantity(self) -> Quantity | None:
        """What is measured; None where a node is to be reached."""
        name = self._what.currentData()
        return None if name == _REACHED else name

    @Slot()
    def _offer(self) -> None:
        """Offer only what the kind of breakpoint leaves open."""
        quantity = self._quantity
        self._notice.tell("info", "")
        self._limit.setVisible(quantity is not None and quantity not in HAS_NO_LIMIT)
        self._limit.setText(_USUAL[quantity] if quantity else "")
        self._node.setVisible(quantity != "loss_rises_by")
        self._when.clear()
        for when in PHASES[quantity] if quantity else _WHEN:
            self._when.addItem(_WHEN[when], when)
        self._when.setVisible(self._when.count() > 1)
        self._offer_nodes()

    def _offer_nodes(self) -> None:
        """Offer the nodes where it can stop, and keep to the one that the person chose."""
        self._node.clear()
        if self._quantity is not None:
            self._node.addItem("any node", "")
        is_backward = self._quantity is not None and PHASES[self._quantity] == ("backward",)
        for node in self._nodes:
            if not is_backward or node in self._with_backward:
                self._node.addItem(node, node)
        self._node.setCurrentIndex(max(self._node.findData(self._wanted_node), 0))

    @Slot()
    def _on_node(self) -> None:
        self._wanted_node = self._node.currentData()

    @Slot()
    def _add(self) -> None:
        try:
            point = self._point()
        except ValueError as error:
            self._notice.tell("error", str(error))
        else:
            self._notice.tell("info", "")
            self.added.emit(point)

    def _point(self) -> Breakpoint:
        """The breakpoint that is chosen; ValueError says what is missing."""
        quantity, when = self._quantity, self._when.currentData()
        node = self._node.currentData() or ""
        if when == "backward" and node and node not in self._with_backward:
            raise ValueError(f"backward does not go through {node}: choose forward or both passes")
        if quantity is None:
            if not node:
                raise ValueError("there is no node to stop at: add one to the net")
            return NodeBreakpoint(node, when)
        limit = 0.0 if quantity in HAS_NO_LIMIT else _read_limit(self._limit.text(), quantity)
        return ValueBreakpoint(quantity, limit, "" if quantity == "loss_rises_by" else node, when)


def _read_limit(text: str, quantity: Quantity) -> float:
    """A limit as it is typed: shares are in percent, with or without the sign."""
    is_share = quantity == "dead_share_above"
    try:
        number = float(text.replace("%", "") if is_share else text)
    except ValueError:
        number = nan
    if isnan(number):
        typed = f"{text.strip()} is no number" if text.strip() else "there is no limit"
        raise ValueError(f"{typed}: type one such as {_USUAL[quantity]}")
    if is_share and not 0 <= number < 100:
        raise ValueError("the share of dead units is a percentage from 0 up to 100")
    return number / 100 if is_share else number


def _choice(name: str, tip: str, letters: int = 8) -> Choice:
    box = Choice()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setMinimumContentsLength(letters)
    return box
