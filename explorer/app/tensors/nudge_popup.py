"""A number nudged up and down: the slope of the loss that one can see, beside the gradient."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.buttons import TextButton
from explorer.app.panels.notice import Notice, as_sentence
from explorer.app.popup import Popup
from explorer.app.tensors.sight import read_number
from explorer.app.what_if.requests import (
    Nudge,
    NudgeAnswered,
    NudgeMessage,
    Nudging,
    StopNudging,
    in_brackets,
)
from explorer.program.nudging import EPSILON, Nudged

_NARROWEST = 400
_DIGITS = range(10, 18)
"""How many are shown of a loss, at least, and at most: that tells any two numbers apart."""
_ROWS = {
    "Finite difference": "(loss(w + ε) − loss(w − ε)) / 2ε, in float64, on this batch",
    "Gradient": "What the backward pass computes for it, in float64, on this batch",
    "Relative error": "How far the two are apart, over the larger of them",
    "Loss at w − ε, w, w + ε": "The loss of this batch with it nudged down, as it is, nudged up",
}


class NudgePopup(Popup):
    """Is about one number of a variable.

    `asked(request)`: a person wants that nudge, or that it is left.
    """

    asked = Signal(object)

    def __init__(self, owner: QWidget, title: str, variable: str, index: tuple[int, ...]):
        super().__init__(owner, "Nudge")
        self._variable, self._index = variable, index
        self._waits_for: Nudge | None = None
        self._button: QWidget | None = None
        self._what = QLabel(f"Nudge {title}{in_brackets(index)} by ε =")
        self._what.setFont(theme.font(bold=True))
        self._epsilon = QLineEdit(f"{EPSILON:g}")
        self._epsilon.setAccessibleName("ε")
        self._epsilon.setToolTip("How far it is nudged, up and down; Enter nudges it")
        self._epsilon.setFixedWidth(80)
        self._epsilon.returnPressed.connect(self.nudge)
        self.watch(self._epsilon)
        self._go = TextButton("Nudge", "Compute the loss of this batch with it a little changed")
        self._go.clicked.connect(self.nudge)
        self._stop = TextButton("Stop", "Leave it as far as it is")
        self._stop.clicked.connect(self._leave)
        self._stop.hide()
        self._numbers = {name: QLabel() for name in _ROWS}
        self._meaning = Notice()
        self._lay_out()

    def open_below(self, button: QWidget) -> None:
        """Come up near a button, within the screen, and nudge at once."""
        self._button = button
        self._fit()
        self.show()
        self._epsilon.setFocus(Qt.FocusReason.PopupFocusReason)
        self._epsilon.selectAll()
        self.nudge()

    def _fit(self) -> None:
        """Be as large as what is said, and near the button."""
        button, layout = self._button, self.layout()
        if button is None or layout is None:
            return
        layout.activate()
        width = max(_NARROWEST, layout.sizeHint().width())
        self.resize(width, layout.totalHeightForWidth(width))
        screen = button.screen().availableGeometry()
        at = button.mapToGlobal(QPoint(0, button.height()))
        at.setX(max(min(at.x(), screen.right() - self.width()), screen.left()))
        if at.y() + self.height() > screen.bottom():
            at.setY(at.y() - button.height() - self.height())
        self.move(at)

    @Slot()
    def nudge(self) -> None:
        """Nudge it by the ε that is typed, or say why that is none."""
        try:
            epsilon = read_number(self._epsilon.text())
        except ValueError as error:
            self._refuse(str(error))
            return
        self._wait_for(Nudge(self._variable, self._index, epsilon))
        self._show_numbers(("…",) * len(_ROWS))
        self._meaning.tell("info", "Computing the loss …")
        self.asked.emit(self._waits_for)

    def hear(self, told: NudgeMessage) -> None:
        """Show how far it is, or what was found, if it was asked for here."""
        # Not one that equals it: a popup before this one may have had the same nudge stopped.
        if told.request is not self._waits_for:
            return
        match told:
            case Nudging(done=done, total=total):
                words = f"Computing the loss … {done:,} of {total:,} calls"
                self._meaning.tell("info", words)
            case NudgeAnswered(nudged=None, sentence=sentence):
                self._wait_for(None)
                self._refuse(sentence)
            case NudgeAnswered(nudged=Nudged() as nudged):
                self._wait_for(None)
                self._show(nudged)

    def _wait_for(self, request: Nudge | None) -> None:
        """Wait for its answer from now on, or for none."""
        self._waits_for = request
        self._go.setVisible(request is None)
        self._stop.setVisible(request is not None)

    @Slot()
    def _leave(self) -> None:
        """Have it left, if it is at work: the answer says so."""
        if self._waits_for is not None:
            self.asked.emit(StopNudging())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave()
        super().closeEvent(event)

    def _show(self, nudged: Nudged) -> None:
        self._show_numbers(_in_numbers(nudged))
        self._meaning.tell("done" if nudged.agrees else "warning", nudged.meaning)
        self._fit()

    def _refuse(self, sentence: str) -> None:
        self._show_numbers(("–",) * len(_ROWS))
        self._meaning.tell("error", as_sentence(sentence))
        self._fit()

    def _show_numbers(self, numbers: tuple[str, ...]) -> None:
        for (name, label), number in zip(self._numbers.items(), numbers, strict=True):
            label.setText(number)
            label.setAccessibleName(f"{name}: {number}")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        for widget in (self._what, self._epsilon, self._go, self._stop):
            line.addWidget(widget)
        line.addStretch(1)
        form = QFormLayout()
        form.setVerticalSpacing(2)
        form.setHorizontalSpacing(2 * theme.SPACING)
        for name, label in self._numbers.items():
            label.setFont(theme.code_font(theme.SMALL_SIZE))
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            title = QLabel(name)
            title.setProperty("role", "soft")
            for widget in (title, label):
                widget.setToolTip(_ROWS[name])
            form.addRow(title, label)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.SPACING)
        column.addLayout(line)
        column.addLayout(form)
        column.addWidget(self._meaning)


def _in_numbers(nudged: Nudged) -> tuple[str, ...]:
    losses = (nudged.loss_below, nudged.loss, nudged.loss_above)
    digits = next((d for d in _DIGITS if _tells_apart(losses, d)), _DIGITS[-1])
    return (
        f"{nudged.finite_difference:.8g}",
        f"{nudged.gradient:.8g}",
        f"{nudged.relative_error:.1e}",
        ", ".join(f"{loss:.{digits}g}" for loss in losses),
    )


def _tells_apart(losses: tuple[float, ...], digits: int) -> bool:
    """Whether so many digits show a difference wherever there is one."""
    return len({f"{loss:.{digits}g}" for loss in losses}) == len(set(losses))
