"""One readable page about a call: its equation, a number of it, the chain, and why it is zero."""

from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel

from explorer.app import theme
from explorer.app.explain import words
from explorer.app.explain.chain_list import ChainList
from explorer.app.explain.chooser import Chooser
from explorer.app.explain.ink import Ink, breakable
from explorer.app.explain.pictures import TriptychView, UsedView
from explorer.app.explain.section import Section
from explorer.app.panels.buttons import TextButton
from explorer.app.panels.notice import Notice, wrapping_label
from explorer.app.panels.rich_text import rich_label
from explorer.app.panels.scroll_page import ScrollPage
from explorer.layers import find
from explorer.program.explanation import Explanation

_WAYS = {"forward": "forward →", "backward": "← backward", "update": "update"}
"""By phase, how the heading tells it."""


class Page(ScrollPage):
    """Shows an explanation.

    Signals:
        element_chosen(name, index as text): the person wants to see another number explained.
        call_chosen(index): the person wants to go to another call.
    """

    element_chosen = Signal(str, str)
    call_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__("Explanation of the call")
        self._explanation: Explanation | None = None
        self.chooser, self.refused = Chooser(), Notice()
        self._title, self._formulas, self._product = rich_label(), rich_label(), rich_label()
        self._sum, self._terms, self._rest = rich_label(), rich_label(), _quiet()
        self._why, self._shares, self._without = wrapping_label(), _quiet(), _quiet()
        self._why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.triptych, self.used, self.factors = TriptychView(), UsedView(), ChainList()
        self.origin = TextButton("Go where it began", "To the call in which the gradient became 0")
        self._numbers = Section("With numbers", self._sum, self._terms, self._rest)
        self._three = Section("In pictures", self.triptych)
        self._used = Section("What it was made with", self.used)
        self._chain = Section("", self._product, self.factors)
        self._zero = Section("", self._why, self.origin, self._shares, self._without)
        for part in (
            *(self._title, self.chooser, self.refused, Section("Equation", self._formulas)),
            *(self._numbers, self._three, self._used, self._chain, self._zero),
        ):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.chooser.chosen.connect(self.element_chosen)
        self.triptych.chosen.connect(self._choose)
        self.factors.chosen.connect(self.call_chosen)
        self.origin.clicked.connect(self._go_to_origin)
        self.setFocusProxy(self.triptych.downstream.cells)
        theme.changed.connect(self._redraw)

    @property
    def explanation(self) -> Explanation | None:
        """What is shown."""
        return self._explanation

    def show_explanation(self, explanation: Explanation) -> None:
        """Show this one."""
        self._explanation = explanation
        self.refused.tell("info", "")
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        if self._explanation is None:
            return
        explanation = self._explanation
        palette = Ink(find(explanation.call.layer) if explanation.call.layer else None)
        self._show_head(explanation, palette)
        self._show_numbers(explanation, palette)
        self._show_pictures(explanation)
        self._show_chain(explanation)
        self._show_zero(explanation)

    # Sections

    def _show_head(self, explanation: Explanation, palette: Ink) -> None:
        call, element = explanation.call, explanation.element
        what = explanation.meeting or f"{call.layer} {_WAYS[call.phase]}"
        self._title.setText(f"<b>{escape(breakable(call.node))}</b> · {escape(what)}")
        self.chooser.show_chosen(explanation)
        self.chooser.setVisible(element is not None)
        name = element.source.name if element else ""
        self._formulas.setText(words.formulas(explanation.equations, name, palette))

    def _show_numbers(self, explanation: Explanation, palette: Ink) -> None:
        total = explanation.total
        self._numbers.setVisible(explanation.element is not None)
        _say(self._sum, words.sentence_of(explanation, palette) if explanation.element else "")
        _say(self._terms, words.terms(total, palette) if total else "")
        _say(self._rest, words.rest(total) if total else explanation.refusal)

    def _show_pictures(self, explanation: Explanation) -> None:
        pictures, element = explanation.triptych, explanation.element
        self._three.setVisible(pictures is not None)
        if pictures is not None and element is not None:
            self.triptych.show_pictures(pictures, element.text)
        self._used.setVisible(bool(explanation.made_with))
        self.used.show_pictures(explanation.made_with)

    def _show_chain(self, explanation: Explanation) -> None:
        found, call = explanation.chain, explanation.call
        self._chain.setVisible(found is not None)
        if found is not None:
            is_ahead = call.phase == "forward"
            self._chain.name(f"The chain from the loss {'back ' if is_ahead else ''}to here")
            self._product.setText(words.chain(found))
            self.factors.show_chain(found, call.index)

    def _show_zero(self, explanation: Explanation) -> None:
        zero = explanation.zero
        said = zero.sentences if zero else ()
        shares = words.shares(explanation) if zero else ""
        self._zero.setVisible(bool(said or shares or explanation.without))
        self._zero.name(_zero_title(bool(said), bool(shares), bool(explanation.without)))
        _say(self._why, "\n".join(said))
        _say(self._shares, shares)
        _say(self._without, "\n".join(explanation.without))
        self.origin.setVisible(bool(zero and zero.leads_to is not None))

    # What the person chooses

    @Slot(tuple)
    def _choose(self, index: tuple[int, ...]) -> None:
        if self._explanation is not None and self._explanation.element is not None:
            name = self._explanation.element.source.name
            self.element_chosen.emit(name, ", ".join(map(str, index)))

    @Slot()
    def _go_to_origin(self) -> None:
        zero = self._explanation.zero if self._explanation else None
        if zero is not None and zero.leads_to is not None:
            self.call_chosen.emit(zero.leads_to)


def _zero_title(is_zero: bool, has_shares: bool, has_without: bool) -> str:
    if is_zero:
        return "Why it is 0"
    if has_shares and has_without:
        return "What is 0, and why"
    return "How much is 0" if has_shares else "What gets no gradient"


def _quiet() -> QLabel:
    label = wrapping_label()
    label.setProperty("role", "soft")
    return label


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
