"""The values panel: every tensor that the current call read and wrote, in numbers and pictures."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedLayout, QWidget

from explorer.app import theme
from explorer.app.panels.laying_out import laid_out_once
from explorer.app.panels.notice import EmptyState, wrapping_label
from explorer.app.panels.scroll_page import ScrollPage
from explorer.app.panels.tensor_card import TensorCard
from explorer.app.tensors.client import TensorClient
from explorer.app.what_if.requests import Edited
from explorer.layers import find
from explorer.program import Call, TensorSummary
from explorer.program.explanation import Lit
from explorer.program.program import Phase, Role

_FORWARD: tuple[Role, ...] = ("output", "input", "parameter", "buffer", "cache")
_BACKWARD: tuple[Role, ...] = ("gradient", "upstream", "cache")
_UPDATE: tuple[Role, ...] = ("new", "measure", "parameter", "gradient", "memory")
_ORDER: dict[Phase, tuple[Role, ...]] = {
    "forward": _FORWARD,
    "backward": _BACKWARD,
    "update": _UPDATE,
}

_SPARE = 5
"""Cards that are made before they are needed."""
_AT_FIRST_MS, _APART_MS = 500, 20
"""How long after the panel's own making the first of them is made, and how far apart they are."""


class ValuesPanel(QWidget):
    """What was computed comes first, then what it was computed from.

    Signals:
        open_requested(address): the person wants to look at a tensor more closely.
        element_chosen(variable, index): the person put the cursor on a number.
        watch_requested(address, label): the person wants to see a tensor behind each step.
    """

    open_requested = Signal(object)
    element_chosen = Signal(str, tuple)
    watch_requested = Signal(object, str)

    def __init__(self, client: TensorClient, parent: QWidget | None = None):
        super().__init__(parent)
        self._client = client
        self._cards: list[TensorCard] = []
        self._spare = QTimer(self)
        self._spare.setSingleShot(True)
        self._spare.timeout.connect(self._make_spare)
        self._title, self._comment, self._equations = (wrapping_label() for _ in range(3))
        self._comment.setProperty("role", "soft")
        for label in (self._title, self._equations):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._nothing = EmptyState("grid", "Step {step} to see every number of the call that runs")
        self._lay_out()
        self.show_call(None, ())
        self._spare.start(_AT_FIRST_MS)

    def show_call(
        self,
        call: Call | None,
        tensors: tuple[TensorSummary, ...],
        part: str = "",
        edits: Sequence[Edited] = (),
    ) -> None:
        """Show that call's tensors, or those of a part of it; None shows what to do to see some.

        `edits` are all that hold in the walk.
        """
        self._stack.setCurrentIndex(0 if call is None else 1)
        if call is None:
            return
        with laid_out_once([self._page.widget(), *self._cards]):
            self._tell_about(call, part)
            self._show_tensors(_sorted(call, tensors), edits)

    def _tell_about(self, call: Call, part: str) -> None:
        within = f" · {part}" if part else ""
        self._title.setText(f"<b>{escape(call.node)}</b> · {_what(call)}{escape(within)}")
        self._comment.setText(call.comment)
        formulas = "<br>".join(map(escape, _equations(call)))
        family = escape(theme.code_font().family())
        self._equations.setText(f"<span style='font-family:\"{family}\"'>{formulas}</span>")
        self._equations.setVisible(bool(formulas))

    def _show_tensors(self, tensors: list[TensorSummary], edits: Sequence[Edited]) -> None:
        while len(self._cards) < len(tensors):
            self._add_card()
        for card, tensor in zip(self._cards, tensors, strict=False):
            card.show_tensor(tensor)
            variable = tensor.address.variable
            card.show_edits([each for each in edits if each.edit.variable == variable])
        for number, card in enumerate(self._cards):
            card.setVisible(number < len(tensors))
        self._spare.start(_APART_MS)

    @Slot()
    def _make_spare(self) -> None:
        """Have some cards ready for a call with more tensors; one at a time holds nobody up."""
        if len(self._cards) < len(self.cards) + _SPARE:
            self._add_card()
            for part in self._cards[-1].findChildren(QWidget):
                part.ensurePolished()
            self._spare.start(_APART_MS)

    def _add_card(self) -> None:
        card = TensorCard(self._client)
        card.hide()
        card.open_requested.connect(self.open_requested)
        card.chosen.connect(self.element_chosen)
        card.watch_requested.connect(self.watch_requested)
        self._cards.append(card)
        self._column.insertWidget(self._column.count() - 1, card)

    @Slot(tuple)
    def light(self, lit: tuple[Lit, ...]) -> None:
        """Frame the numbers that something was made with, in whichever cards they are."""
        by_address = {each.address: each for each in lit}
        for card in self.cards:
            card.light(by_address.get(card.address) if card.address else None)

    @property
    def cards(self) -> list[TensorCard]:
        """The cards that show something."""
        return [card for card in self._cards if not card.isHidden()]

    def _lay_out(self) -> None:
        self._page = page = ScrollPage("Values of the call")
        self._column = page.column
        self._column.addWidget(self._title)
        self._column.addWidget(self._comment)
        self._column.addWidget(self._equations)
        self._column.addStretch(1)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(page)
        self.setFocusProxy(page)


def _sorted(call: Call, tensors: tuple[TensorSummary, ...]) -> list[TensorSummary]:
    """What was computed before what it was computed from."""
    if tensors and tensors[0].role == "part":
        return list(tensors[::-1])
    order = _ORDER[call.phase]
    return sorted(tensors, key=lambda tensor: order.index(tensor.role))


def _what(call: Call) -> str:
    if call.is_addition:
        return "gradients that meet add up"
    if call.phase == "update":
        return f"update of {call.reads[0].label}"
    return "forward →" if call.phase == "forward" else "← backward"


def _equations(call: Call) -> list[str]:
    """The layer's formulas for what the call wrote."""
    if call.phase == "update":
        return call.text.split("; ")
    layer = find(call.layer) if call.layer else None
    if layer is None:
        return [call.text] if call.is_addition else []
    outputs = {operand.label for operand in call.writes}
    if call.phase == "forward":
        outputs = {"out", *layer.outputs}
    found = [formula for name, formula in layer.equations.items() if name in outputs]
    return list(dict.fromkeys(found))
