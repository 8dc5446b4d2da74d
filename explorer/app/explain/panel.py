"""The explain panel: asks for an explanation of wherever the stepper stands, and shows it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedLayout, QWidget

from explorer.app.explain.page import Page
from explorer.app.explain.requests import Explain, Explained
from explorer.app.messages import StepperMoved
from explorer.app.panels.notice import EmptyState
from explorer.app.what_if.requests import Edited
from explorer.program import Call
from explorer.program.explanation import Explanation, UnknownElementError, parse

_NOTHING = "Step {step} to see how the call that runs computes, number by number"
_BEFORE = "No call has run yet: step {step} to the first"
_WITHIN = "You stand within {node}: step out {step_out} to see how the whole call computes"


class ExplainPanel(QWidget):
    """Follows each step while it can be seen; what is asked before is answered before.

    Signals:
        asked(Explain): what it wants to know.
        call_chosen(index): the person wants to go to another call.
        entries_used(tuple of Lit): which numbers the one that is explained was made with.
    """

    asked = Signal(object)
    call_chosen = Signal(int)
    entries_used = Signal(tuple)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._call: Call | None = None
        self._position = 0
        self._edits: tuple[Edited, ...] = ()
        self._name: str | None = None
        self._indices: dict[str, tuple[int, ...]] = {}
        self._ticket = 0
        self._awaited = 0
        self._is_seen = self._is_stale = False
        self._nothing, self.page = EmptyState("explain", _NOTHING), Page()
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.page)
        self.page.element_chosen.connect(self._choose)
        self.page.call_chosen.connect(self.call_chosen)
        self.setFocusProxy(self.page)

    # What it is told

    @Slot(object)
    def show_step(self, moved: StepperMoved) -> None:
        """The stepper stands somewhere else."""
        self._call = None if moved.part else moved.call
        self._position, self._edits = moved.position, moved.edits
        if moved.call is not None and moved.part:
            self._show_nothing(_WITHIN.replace("{node}", moved.call.node))
        elif moved.call is None:
            self._show_nothing(_BEFORE)
        self._ask()

    @Slot()
    def end(self) -> None:
        """There is nothing stepped through any more."""
        self._call, self._position = None, 0
        self._awaited = 0  # what was asked of a net that is gone stays unanswered
        self._indices.clear()
        self._show_nothing(_NOTHING)

    @Slot(object)
    def show_answer(self, answer: Explained) -> None:
        """Show an answer, unless what was asked has changed by then."""
        self._awaited = 0
        if answer.ticket != self._ticket or self._call is None:
            self._ask()
        elif answer.explanation is not None:
            self._stack.setCurrentIndex(1)
            self.page.show_explanation(answer.explanation)
            self._tell_edited(answer.explanation)
            self.entries_used.emit(answer.explanation.lit)
        elif answer.sentence:
            self.page.refused.tell("warning", answer.sentence)

    def _tell_edited(self, page: Explanation) -> None:
        """Say that a number is not what the call computes, where it was edited."""
        name = page.element.source.name if page.element else ""
        variables = {written.name: written.variable for written in page.written}
        for each in self._edits:
            is_here = each.edit.variable == variables.get(name)
            if page.element and is_here and each.edit.index == page.element.index:
                self.page.refused.tell("warning", f"Edited: {each}, whatever this call computes")

    def explain(self, name: str, index: tuple[int, ...]) -> None:
        """Explain that element of what the call wrote, by the tensor's name or variable."""
        if self._call is None:
            return
        for written in self._call.writes:
            if name in (written.label, written.variable):
                self._name = written.label
                self._indices[written.variable] = index
        self._ask()

    # Asking

    def _ask(self) -> None:
        """Ask what there is to know; one question at a time, and none while nobody looks."""
        self._ticket += 1
        self._is_stale = not self._is_seen
        if self._call is None or self._is_stale or self._awaited:
            return
        names = {written.label: written.variable for written in self._call.writes}
        name = self._name if self._name in names else None
        index = self._indices.get(names[name]) if name else None
        self._awaited = self._ticket
        self.asked.emit(Explain(self._ticket, self._position, name, index))

    @Slot(str, str)
    def _choose(self, name: str, text: str) -> None:
        """Another tensor, or another index of it as the person typed it."""
        try:
            _, index = parse(f"{name}[{text}]") if text else (name, None)
        except UnknownElementError as error:
            self.page.refused.tell("warning", str(error))
            return
        self._name = name
        if index is not None:
            self.explain(name, index)
        else:
            self._ask()

    def _show_nothing(self, sentence: str) -> None:
        self._nothing.say(sentence)
        self._stack.setCurrentIndex(0)
        self.entries_used.emit(())

    @Slot(bool)
    def look(self, is_seen: bool) -> None:
        """Somebody looks at the panel, or no longer."""
        self._is_seen = is_seen
        if is_seen and self._is_stale:
            self._ask()
