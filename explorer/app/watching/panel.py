"""The watch panel: expressions to add, and what each comes to behind every step."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.app import keys, theme
from explorer.app.messages import StepperMoved
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.notice import EmptyState, Notice
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.app.watching.field import WatchField
from explorer.app.watching.list import WatchList
from explorer.app.watching.requests import (
    KeepWatched,
    ReadWatches,
    WatchesRead,
    WatchKept,
    WatchMessage,
)
from explorer.app.watching.watches import Watches
from explorer.program import Call, Program
from explorer.program.viewing import Address
from explorer.program.watching import Names
from explorer.training import StateChanged

_EXAMPLE = "dw.norm() / w.norm()"
_NOTHING = (
    f"Type a name such as fc1.dw, or {_EXAMPLE}, and press Enter: "
    "what it comes to is shown here behind each step {step}"
)
_RUNNING = "Training runs: pause {train} to see the numbers of then"


class WatchPanel(QWidget):
    """Asks what the watches come to while it can be seen: one question at a time.

    Signals:
        asked(WatchRequest): what it wants to know.
        open_requested(address): the person wants to look at a tensor more closely.
    """

    asked = Signal(object)
    open_requested = Signal(object)

    def __init__(self, watches: Watches, parent: QWidget | None = None):
        super().__init__(parent)
        self._watches = watches
        self._program: Program | None = None
        self._calls: tuple[Call, ...] = ()
        self._names: Names | None = None
        self._call: Call | None = None
        self._when = "step 0"
        self._ticket = self._awaited = self._first_ticket = 0
        self._is_seen = self._is_stale = self._is_running = False
        self._field = WatchField(self._in_scope)
        self._field.setPlaceholderText(f"Watch: {_EXAMPLE}")
        self._field.setAccessibleName("Expression to watch")
        self._field.setToolTip(
            "Names such as fc1.w, fc1.dw or, of the last call, dw; + - * / @ **, [3, 5:7], and "
            "functions such as norm. Enter adds it"
        )
        self._field.returnPressed.connect(self._add)
        self._list = WatchList(watches, self._in_scope)
        self._list.open_requested.connect(self._open)
        self._list.selectionModel().currentChanged.connect(self._show_buttons)
        self._list.rows.modelReset.connect(self._show_rows)
        self._list.rows.dataChanged.connect(self._show_buttons)
        self._notice = Notice()
        self._nothing = EmptyState("watch", _NOTHING)
        self._make_buttons()
        self._lay_out()
        watches.changed.connect(self._ask)
        keys.changed.connect(self._show_notice)
        self._show_rows()

    # What it is told

    def show_program(self, program: Program | None, calls: tuple[Call, ...]) -> None:
        """The net was edited: what was read of it stays if it runs the same calls."""
        is_other = calls != self._calls
        self._program, self._calls, self._names = program, calls, None
        if is_other:
            self._call = None
            self._list.rows.forget()
            self._ask()
            self._first_ticket = self._ticket

    @Slot(object)
    def show_step(self, moved: StepperMoved) -> None:
        """The stepper stands somewhere else."""
        self._call = moved.call
        self._when = moved.when
        self._ask()

    @Slot()
    def end_stepping(self) -> None:
        """There is nothing stepped through any more."""
        self._call = None
        self._ask()

    @Slot(object)
    def show_state(self, changed: StateChanged) -> None:
        """Training set off or stands still."""
        self._is_running = changed.state == "running"
        self._when = f"step {changed.step}"
        self._show_notice()
        if self._is_running:
            self._list.rows.mark_stale()
        else:
            self._ask()

    @Slot(object)
    def hear(self, message: WatchMessage) -> None:
        """Take up what the worker tells of watches."""
        match message:
            case WatchesRead():
                self._show_read(message)
            case WatchKept():
                self.open_requested.emit(message.entry.address)

    def _show_read(self, read: WatchesRead) -> None:
        """Show an answer, unless it is of another net; ask anew if things have moved on."""
        self._awaited = 0
        if read.ticket >= self._first_ticket:
            self._list.rows.show_read(read, is_stale=self._is_running)
        if read.ticket != self._ticket:
            self._ask()

    @Slot(bool)
    def look(self, is_seen: bool) -> None:
        """Somebody looks at the panel, or no longer."""
        self._is_seen = is_seen
        if is_seen and self._is_stale:
            self._list.rows.forget()
            self._ask()

    @Slot(object, str)
    def watch(self, address: Address, label: str) -> None:
        """Watch the tensor that is found there; with a label it is one of the last call."""
        call = self._call if label else None
        name = self._known.name_of(address, call) if self._known else ""
        self._watches.add(name or label)
        self._list.choose(self._list.rows.rowCount() - 1)

    # Asking

    @Slot()
    def _ask(self) -> None:
        """Ask what there is to know; one question at a time, and none while nobody looks."""
        self._ticket += 1
        self._is_stale = not self._is_seen
        wanted = self._watches.read
        if self._is_stale or self._is_running or self._awaited or not wanted:
            return
        self._awaited = self._ticket
        self.asked.emit(ReadWatches(self._ticket, wanted))

    # What a person does

    @property
    def _known(self) -> Names | None:
        """The names of the net that is drawn; None where it cannot run."""
        if self._names is None and self._program is not None:
            self._names = Names(self._program, self._calls)
        return self._names

    def _in_scope(self) -> Sequence[str]:
        names = self._known
        return [*names.bare(self._call), *names.paths] if names else []

    @Slot()
    def _add(self) -> None:
        self._watches.add(self._field.text())
        self._list.choose(self._list.rows.rowCount() - 1)
        self._field.clear()

    @Slot(int)
    def _open(self, row: int) -> None:
        reading = self._list.rows.reading(row)
        if reading is None or reading.shape is None:
            return
        if reading.address is not None:
            self.open_requested.emit(reading.address)
        else:
            self.asked.emit(KeepWatched(reading.expression, self._when))

    def _make_buttons(self) -> None:
        self._up = IconButton("up", "Move watch up", "Move the chosen one up (Alt+Up)")
        self._down = IconButton("down", "Move watch down", "Move the chosen one down (Alt+Down)")
        self._look = IconButton("expand", "Open watch", "Look at all of its tensor (Enter)")
        self._remove = IconButton("close", "Remove watch", "Watch the chosen one no more (Del)")
        self._up.clicked.connect(lambda: self._list.move_by(-1))
        self._down.clicked.connect(lambda: self._list.move_by(1))
        self._look.clicked.connect(self._open_chosen)
        self._remove.clicked.connect(self._list.take_away)

    def _lay_out(self) -> None:
        head = WrappingRow(spacing=theme.SPACING)
        head.addWidget(self._field)
        for button in (self._look, self._up, self._down, self._remove):
            head.addWidget(button)
        listed = QWidget()
        self._stack = QStackedLayout(listed)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, theme.SPACING)
        column.setSpacing(theme.SPACING)
        column.addLayout(head)
        column.addWidget(self._notice)
        column.addWidget(listed, 1)
        self.setFocusProxy(self._field)

    @Slot()
    def _open_chosen(self) -> None:
        if self._list.row >= 0:
            self._open(self._list.row)

    @Slot()
    def _show_rows(self) -> None:
        self._stack.setCurrentIndex(1 if self._watches.all else 0)
        self._show_notice()
        self._show_buttons()

    @Slot()
    def _show_notice(self) -> None:
        runs = self._is_running and bool(self._watches.all)
        self._notice.tell("info", keys.named_in(_RUNNING) if runs else "")

    @Slot()
    def _show_buttons(self) -> None:
        row, last = self._list.row, self._list.rows.rowCount() - 1
        reading = self._list.rows.reading(row) if 0 <= row <= last else None
        self._remove.allow(row >= 0, "Choose a watch first")
        self._up.allow(row > 0, "It is the first")
        self._down.allow(0 <= row < last, "It is the last")
        has_tensor = reading is not None and reading.shape is not None
        self._look.allow(has_tensor, "Choose a watch that is a tensor")
