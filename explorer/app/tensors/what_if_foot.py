"""The foot of the panel of tensors: what was edited; and the nudge of the chosen number."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.app import keys
from explorer.app.tensors.nudge_popup import NudgePopup
from explorer.app.tensors.tensor_view import TensorView
from explorer.app.what_if.edits import HeldEdits
from explorer.app.what_if.edits_bar import EditsBar
from explorer.app.what_if.requests import NudgeMessage


class WhatIfFoot(QWidget):
    """Nudges and puts back the number that is chosen in a view.

    Signals:
        chosen(edited): a person wants to see a number that was edited.
        put_back_requested(edited): one edit is to be put back; None for all.
        nudge_requested(request): a number is to be nudged.
        refused(sentence): why there is nothing to nudge or to put back.
    """

    chosen = Signal(object)
    put_back_requested = Signal(object)
    nudge_requested = Signal(object)
    refused = Signal(str)

    def __init__(self, edits: HeldEdits):
        super().__init__()
        self._edits = edits
        self._nudge: NudgePopup | None = None
        bar = EditsBar(edits, lines=2)
        bar.chosen.connect(self.chosen)
        bar.put_back_wanted.connect(self.put_back_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(bar)

    def tell(self, view: TensorView) -> None:
        """Have a view show which of its numbers are edited, and why none can be."""
        held = self._edits.of_variable(view.variable)
        view.show_edits({each.edit.index: f"edited: {each}" for each in held})
        view.refuse_editing(keys.named_in(self._edits.refusal))

    def nudge(self, view: TensorView) -> None:
        """Nudge the number that is chosen there."""
        if not view.variable or view.index is None:
            self.refused.emit("Choose a number of a weight or a value first, then nudge it")
            return
        moves = view.title.removeprefix("gradient of ")
        self._nudge = NudgePopup(view, moves, view.variable, view.index)
        self._nudge.asked.connect(self.nudge_requested)
        self._nudge.closed.connect(self._on_closed)
        self._nudge.open_below(view.nudge_button)

    @Slot(object)
    def show_nudge(self, told: NudgeMessage) -> None:
        """A number was nudged, or is being so."""
        if self._nudge is not None:
            self._nudge.hear(told)

    @Slot()
    def _on_closed(self) -> None:
        self._nudge = None

    def put_back(self, view: TensorView) -> None:
        """Put the number back that is chosen there."""
        edited = self._edits.at(view.variable, view.index)
        if edited is not None:
            self.put_back_requested.emit(edited)
        else:
            self.refused.emit("This number is not edited: there is nothing to put back")

    @property
    def has_edits(self) -> bool:
        """Whether there is something to put back."""
        return bool(self._edits.all)

    @Slot()
    def put_last_back(self) -> None:
        """Put the latest edit back."""
        if self.has_edits:
            self.put_back_requested.emit(self._edits.all[-1])
        else:
            self.refused.emit("No number is edited: there is nothing to put back")
