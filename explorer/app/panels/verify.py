"""The verify panel: one click checks every gradient, and names the first node that is wrong."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.app import theme
from explorer.app.icons import icon
from explorer.app.panels.buttons import TextButton
from explorer.app.panels.notice import Kind, Notice
from explorer.app.panels.numbers import plural
from explorer.app.verifying import Verified, Verifying, VerifyMessage
from explorer.program import Program, Verification

_COLUMNS = ("Gradient of", "", "Against autograd", "Against differences", "Entries")
_TIPS = (
    "The parameter, or the output of the node, whose gradient it is",
    "Whether both agree within the tolerance",
    "The largest relative error against autograd",
    "The largest relative error against central differences",
    "How many entries met central differences, of how many there are",
)
_EMPTY = "Checks every gradient against autograd and finite differences, in float64"


class VerifyPanel(QWidget):
    """Asks for a verification and lists what it found; it holds no gradients.

    Signals:
        asked(): verify every gradient.
        stop_asked(): stop where it is.
        node_chosen(str): a row was clicked, whose node this is.
        shown(Verification | None): what is in the list now.
    """

    asked = Signal()
    stop_asked = Signal()
    node_chosen = Signal(str)
    shown = Signal(object)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._source: str | None = None
        self._program: Program | None = None
        self._verification: Verification | None = None
        self._button = TextButton("Verify", "Check every gradient of the net", "verify")
        self._button.clicked.connect(self.asked)
        self._stop = TextButton("Stop", "Stop where it is; what was found is kept")
        self._stop.clicked.connect(self.stop_asked)
        self._bar, self._notice, self._table = QProgressBar(), Notice(), QTableWidget(0, 5)
        self._bar.setAccessibleName("How far the verification is")
        self._set_up_table()
        self._lay_out()
        self._show_idle()
        self._fill()
        self._notice.tell("info", _EMPTY)
        theme.changed.connect(self._fill)

    # What it is told

    @Slot(object)
    def hear(self, message: VerifyMessage) -> None:
        """How far it is, or what it found."""
        match message:
            case Verifying(done=done, total=total):
                self._button.hide()
                self._stop.show()
                self._bar.show()
                self._bar.setRange(0, total)
                self._bar.setValue(done)
                self._bar.setFormat(_how_far(message))
                if not done:
                    self._source = self._program.source if self._program else None
                    self._notice.tell("info", "Verifying …")
            case Verified(verification=verification, is_whole=is_whole):
                self._show_idle()
                if self._has_changed:
                    self._take_away()
                else:
                    self._show(verification, is_whole)

    def show_program(self, program: Program | None) -> None:
        """Another net is drawn: what was found of the one before is of no use."""
        self._program = program
        self._button.allow(program is not None, "The net cannot run yet: see Problems")
        if self._verification is not None and self._has_changed:
            self._take_away()

    @property
    def _has_changed(self) -> bool:
        """Whether another net is drawn than the one that was verified, or is."""
        return self._program is None or self._program.source != self._source

    def _take_away(self) -> None:
        self._verification = None
        self._fill()
        self._notice.tell("info", "The net changed since it was verified")
        self.shown.emit(None)

    # How it looks

    def _set_up_table(self) -> None:
        table = self._table
        table.setHorizontalHeaderLabels(_COLUMNS)
        for column, tip in enumerate(_TIPS):
            if item := table.horizontalHeaderItem(column):
                item.setToolTip(tip)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        table.setAccessibleName("Gradients that were checked")
        table.setToolTip("Click a row to show its node")
        table.itemClicked.connect(self._choose)
        table.itemActivated.connect(self._choose)
        self.setFocusProxy(table)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._button)
        row.addWidget(self._stop)
        row.addWidget(self._bar, 1)
        row.addWidget(self._notice, 1, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.addLayout(row)
        column.addWidget(self._table, 1)
        column.addStretch()

    def _show_idle(self) -> None:
        self._button.show()
        self._stop.hide()
        self._bar.hide()

    def _show(self, verification: Verification, is_whole: bool) -> None:
        self._verification = verification
        self._fill()
        kind, sentence = _verdict(verification, is_whole)
        self._notice.tell(kind, sentence)
        self.shown.emit(verification)

    @Slot()
    def _fill(self) -> None:
        checks = self._verification.checks if self._verification else ()
        colours = theme.current()
        self._table.setVisible(bool(checks))
        self._table.setRowCount(len(checks))
        for row, check in enumerate(checks):
            sign = "done" if check.ok else "error"
            texts = (
                check.path,
                "ok" if check.ok else "wrong",
                f"{check.against_autograd:.1e}",
                f"{check.against_finite_differences:.1e}",
                f"{check.checked} of {check.size:,}",
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column > 1:
                    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    item.setTextAlignment(right)
                self._table.setItem(row, column, item)
            if verdict := self._table.item(row, 1):
                verdict.setIcon(icon(sign, getattr(colours, sign)))

    @Slot(QTableWidgetItem)
    def _choose(self, item: QTableWidgetItem) -> None:
        if (first := self._table.item(item.row(), 0)) is not None:
            self.node_chosen.emit(first.text().partition(".")[0])


def _how_far(told: Verifying) -> str:
    """The gradients that are checked by now, and behind them the backward calls."""
    past = told.done - told.gradients
    calls = plural(told.total - told.gradients, "backward call")
    gradients = f"{min(told.done, told.gradients):,} of {plural(told.gradients, 'gradient')}"
    what = f"{past:,} of {calls}" if past > 0 else gradients
    return f"{what} · {told.left:.0f} s left"


def _verdict(verification: Verification, is_whole: bool) -> tuple[Kind, str]:
    """The one sentence above the list, and its kind."""
    nodes = {check.path.partition(".")[0] for check in verification}
    count = f"{plural(len(verification.checks), 'gradient')} of {plural(len(nodes), 'node')}"
    wrong = sum(not check.ok for check in verification)
    off = f"; {wrong:,} of {count} are off" if wrong else ""
    if verification.blamed:
        first = verification.blamed[0]
        others = len(verification.blamed) - 1
        more = f", and so is that of {plural(others, 'other node')}" if others else ""
        return (
            "error",
            f"The backward of {first.node} ({first.layer}) is wrong{more}: its {first.gradient} "
            f"has a relative error of {first.error:.2g}{off}",
        )
    if not verification.ok and verification.first_wrong:
        path = verification.first_wrong.path
        return "error", f"The gradient of {path} is wrong{off}"
    if not is_whole:
        return "info", f"Stopped after {count}: nothing wrong so far"
    return "done", f"All {count} agree with autograd and finite differences"
