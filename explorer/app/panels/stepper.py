"""The step panel: walk through the program call by call, forward and back in time."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.app import keys, theme
from explorer.app.breakpoints import Breakpoints
from explorer.app.messages import StepperMoved
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.call_list import CallList, describe
from explorer.app.panels.notice import EmptyState, Notice, wrapping_label
from explorer.app.panels.numbers import plural, short
from explorer.app.panels.player import Player
from explorer.app.panels.slider import Slider
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.app.what_if.edits import HeldEdits
from explorer.app.what_if.edits_bar import EditsBar
from explorer.program import Call

_BUTTONS = (
    ("restart", "restart", "Restart", "Back to before the first call"),
    ("step_back", "back", "Step back", "Take the last step back"),
    ("step", "step", "Step over", "Run the next call"),
    ("step_into", "step_into", "Step into", "Run the next time step, part or node of a group"),
    ("step_out", "step_out", "Step out", "Run what is left of what was stepped into"),
    ("to_loss", "to_loss", "Run to loss", "Run the whole forward pass"),
    ("to_end", "to_end", "Run to first layer", "Run the whole backward pass"),
    ("train", "go_on", "Continue", "Train on, to the next breakpoint"),
    ("next_batch", "next_batch", "Next batch", "Train one step and stand at the next batch"),
)
"""For each button its command, its drawing, its name and what it does."""
_WITH_WORDS = "step"


class StepperPanel(QWidget):
    """Shows where the stepper stands and asks it to move; it holds no stepper.

    `asked` tells the name of a command, `position_requested` the position to go to. `edits_bar`
    is the list of what was edited on the way.
    """

    asked = Signal(str)
    position_requested = Signal(int)

    def __init__(self, breakpoints: Breakpoints, edits: HeldEdits, parent: QWidget | None = None):
        super().__init__(parent)
        self.edits_bar = EditsBar(edits, lines=3)
        self._calls: tuple[Call, ...] = ()
        self._can_step, self._reason = False, ""
        self._position = 0
        self._is_stepping = self._is_within = False
        self._make_widgets(breakpoints)
        self._lay_out()
        keys.changed.connect(self._say_how_to_begin)
        self.end()

    @property
    def is_at_end(self) -> bool:
        """Whether all calls have run, and no part of one is left."""
        ran_all = self._is_stepping and self._position == len(self._calls)
        return ran_all and not self._is_within

    # What it is told

    def show_calls(self, calls: tuple[Call, ...]) -> None:
        """List what can be stepped through now; nothing while the net cannot run."""
        if calls == self._calls:
            return
        self._calls = calls
        self._list.calls.show_calls(calls)
        # A range that ends before the slider's place would move it, as if a person had.
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, len(calls))
        self._stack.setCurrentIndex(1 if calls else 0)
        self.end()

    def show_can_step(self, can_step: bool, reason: str = "") -> None:
        """Allow stepping, or say why the net cannot be stepped through."""
        self._can_step, self._reason = can_step, reason
        self._nothing.say(f"Nothing to step through yet. {reason}" if reason else "Nothing yet")
        self._show_buttons()

    @Slot(object)
    def show_position(self, moved: StepperMoved) -> None:
        """The stepper stands somewhere else."""
        if not self._calls:
            return
        self._position, self._is_stepping = moved.position, True
        self._is_within = bool(moved.part)
        self._list.show_position(moved.position, True, self._is_within)
        with QSignalBlocker(self._slider):
            self._slider.setValue(moved.position)
        where = _where(moved)
        self._where.setText(where)
        self._where.setToolTip(moved.call.comment if moved.call else where)
        self._count.setText(self._in_numbers(moved))
        self._stopped.tell("stopped", f"Stopped: {moved.stopped}" if moved.stopped else "")
        self._moment.tell("past", moved.moment)
        self.player.go_on(moved.position < len(self._calls))
        self._show_buttons()

    def toggle_breakpoint(self) -> bool:
        """Set or take away that of the chosen call, if the list of calls has the keyboard."""
        return self._list.toggle_breakpoint()

    @Slot()
    def end(self) -> None:
        """There is nothing stepped through any more."""
        self._position, self._is_stepping, self._is_within = 0, False, False
        self.player.stop()
        self._list.show_position(0, False)
        with QSignalBlocker(self._slider):
            self._slider.setValue(0)
        self._where.setToolTip("")
        self._stopped.tell("stopped", "")
        self._moment.tell("past", "")
        self._say_how_to_begin()
        self._count.setText(plural(len(self._calls), "step"))
        self._show_buttons()

    @Slot()
    def _say_how_to_begin(self) -> None:
        if not self._is_stepping:
            how = "Step {step} runs the first call on the batch that training stands at"
            self._where.setText(keys.named_in(how))

    def _in_numbers(self, moved: StepperMoved) -> str:
        parts = [f"Step {moved.position} of {len(self._calls)}"]
        rows = f", {plural(moved.rows, 'row')}" if moved.rows else ""
        parts.append(f"batch {moved.batch + 1:,}{rows}")
        if moved.loss is not None:
            parts.append(f"loss {short(moved.loss)}")
            if moved.loss_after is not None:
                change = short(moved.loss_after - moved.loss)
                parts[-1] += f" → {short(moved.loss_after)} (Δ {change})"
        return " · ".join(parts)

    # How it looks

    def _make_widgets(self, breakpoints: Breakpoints) -> None:
        self._buttons = {
            command: IconButton(drawing, name, what, command, "Step" * (command == _WITH_WORDS))
            for command, drawing, name, what in _BUTTONS
        }
        self._leave = IconButton(
            "close", "Leave stepping", "Show the net as drawn", "leave_stepper"
        )
        for command, button in {**self._buttons, "leave_stepper": self._leave}.items():
            button.clicked.connect(partial(self._ask, command))
        self.player = Player()
        self.player.asked.connect(partial(self._ask, "step"))
        self.player.turn_asked.connect(partial(self._ask, "play"))
        self._slider = Slider()
        self._slider.setMinimumWidth(90)
        self._slider.setToolTip("Click or drag to any call; arrow keys go one call on or back")
        self._slider.setAccessibleName("Position among the calls")
        self._slider.valueChanged.connect(self.position_requested)
        self._where, self._count = wrapping_label(), wrapping_label()
        self._where.setFont(theme.font(bold=True))
        self._count.setProperty("role", "soft")
        self._stopped, self._moment = Notice(), Notice()
        self._list = CallList(breakpoints)
        self._list.chosen.connect(self._on_chosen)
        self._nothing = EmptyState("step", "Nothing to step through yet")
        self.setFocusProxy(self._list)

    def _lay_out(self) -> None:
        tools = WrappingRow(spacing=4)
        for control in (*self._buttons.values(), self._leave):
            tools.addWidget(control)
        going = WrappingRow(spacing=theme.SPACING)
        going.addWidget(self.player)
        going.addWidget(self._slider)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._where)
        words.addWidget(self._count)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, 0)
        column.setSpacing(theme.SPACING)
        column.addLayout(tools)
        column.addLayout(going)
        column.addLayout(words)
        column.addWidget(self._moment)
        column.addWidget(self._stopped)
        column.addWidget(self.edits_bar)
        column.addWidget(self._list, 1)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(page)

    def _show_buttons(self) -> None:
        self.player.allow(self._can_step, self._reason)
        for button in self._buttons.values():
            button.allow(self._can_step, self._reason)
        if self._can_step:
            begun = self._is_stepping and (self._position > 0 or self._is_within)
            self._buttons["step_back"].allow(begun, "No call has run yet")
            self._buttons["step_out"].allow(self._is_stepping, "Nothing is stepped into")
        self._leave.allow(self._is_stepping, "Nothing is stepped through")
        self._slider.setEnabled(self._can_step)

    def _ask(self, command: str, checked: bool = False) -> None:
        self.asked.emit(command)

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self.position_requested.emit(index + 1)


def _where(moved: StepperMoved) -> str:
    """The call that ran last, or the part of one, in a few words."""
    if moved.call is None:
        return "Before the first call"
    if moved.part:
        return f"{moved.call.node} {moved.call.phase} · {moved.part}"
    return describe(moved.call)
