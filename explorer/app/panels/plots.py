"""The plots panel: loss and accuracy over epochs, live, however many steps there are."""

import csv
import io
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.app import theme
from explorer.app.panels.buttons import IconButton, WordButton
from explorer.app.panels.curve_plot import CurvePlot
from explorer.app.panels.curves import Curve, RunCurves
from explorer.app.panels.curves import Series as Quantity
from explorer.app.panels.moments import Moments
from explorer.app.panels.notice import EmptyState, Notice, wrapping_label
from explorer.app.panels.series_key import Series, SeriesKey
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.app.png import png
from explorer.graph import FileError
from explorer.graph.file import write_atomically
from explorer.training import Progress, Started

_INTERVAL_MS = 150
_NARROW, _LOW = 560, 300
"""Below these, in points, the keys stand in a line of their own, and plots side by side."""
_FILTERS = "Picture (*.png);;Numbers (*.csv)"
_COLUMNS = (
    "step",
    "epoch",
    "loss",
    "accuracy",
    "epoch_loss",
    "epoch_accuracy",
    "validation_loss",
    "validation_accuracy",
)


class PlotsPanel(QWidget):
    """Holds a run's curves and draws them at most seven times a second, and never when hidden.

    `moment_wanted` tells the step, counted from 1, that was clicked at, and how far from there
    the one that is meant may be.
    """

    moment_wanted = Signal(float, float)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._curves = RunCurves()
        self._follows = True
        self._cursor: float | None = None
        self._kept: tuple[int, ...] = ()
        self._moment: int | None = None
        self._drawing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._redraw)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Curves")
        self._make_widgets()
        self._lay_out()
        self._listen()
        self.clear()

    # What it is told

    @Slot(object)
    def start(self, started: Started) -> None:
        """A run, or the rest of one, begins."""
        if started.steps_per_epoch != self._curves.steps_per_epoch:
            self._curves = RunCurves(started.steps_per_epoch)
            self._mark()
        self._schedule()

    @Slot(object)
    def add(self, progress: Progress) -> None:
        """Take over what happened since the event before."""
        self._curves.add(progress)
        self._schedule()

    @Slot()
    def clear(self) -> None:
        """Forget the run."""
        self._curves = RunCurves(self._curves.steps_per_epoch)
        self._cursor = None
        self._notice.tell("info", "")
        self._reset_view()
        self._redraw()

    def show_kept(self, steps: tuple[int, ...], moment: int | None) -> None:
        """Shade the steps, counted from 0, that can be opened, and mark the one looked at."""
        self._kept, self._moment = steps, moment
        self._mark()

    def _mark(self) -> None:
        kept = Moments(self._kept, self._curves.steps_per_epoch)
        for plot in (self._loss, self._accuracy):
            plot.show_kept(kept, self._moment)

    # What it can do

    def save(self, path: Path) -> None:
        """Write the plots as a picture, or where the name ends in .csv all numbers as a table."""
        is_table = path.suffix.lower() == ".csv"
        try:
            write_atomically(path, self._table() if is_table else png(self._picture().toImage()))
        except FileError as error:
            self._notice.tell("error", str(error))
        else:
            self._notice.tell("done", f"Saved as {path.name}")

    def _table(self) -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        writer.writerows(
            ["" if math.isnan(value) else value for value in row] for row in self._curves.rows()
        )
        return text.getvalue().encode()

    def _picture(self) -> QPixmap:
        corners = self._plots.geometry().united(self._legend_box())
        return self.grab(corners.adjusted(0, -2, 0, 0).intersected(self.rect()))

    def _legend_box(self) -> QRect:
        return QRect(self._legend.mapTo(self, self._legend.rect().topLeft()), self._legend.size())

    # Drawing

    def _schedule(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _redraw(self) -> None:
        curves = self._curves
        empty = not len(curves)
        self._stack.setCurrentIndex(0 if empty else 1)
        for button in (self._log, self._fit, self._save):
            button.setEnabled(not empty)
        if empty:
            self._position.clear()
            return
        self._drawing = True
        self._draw_one(self._loss, curves.loss)
        knows_accuracy = len(curves.accuracy.steps) > 0
        self._accuracy.setVisible(knows_accuracy)
        self._no_accuracy.setVisible(not knows_accuracy)
        if knows_accuracy:
            self._draw_one(self._accuracy, curves.accuracy)
        self._drawing = False
        self._fit.setEnabled(not self._follows)
        self._show_cursor()

    def _draw_one(self, plot: CurvePlot, quantity: Quantity) -> None:
        curves = self._curves
        low, high = (0.0, curves.end) if self._follows else plot.x_range
        place = low, high, plot.pixels
        drawn: dict[Series, Curve] = {
            "steps": curves.step_curve(quantity, *place),
            "mean": curves.epoch_curve(quantity.means, *place),
            "validation": curves.epoch_curve(quantity.validations, *place),
        }
        plot.draw(drawn, curves.end if self._follows else None)

    def _show_cursor(self) -> None:
        curves, x = self._curves, self._cursor
        step = len(curves) - 1 if x is None else curves.step_at(x)
        epoch = (step + 1) / curves.steps_per_epoch
        self._position.setText(f"Epoch {epoch:,.2f} · step {step + 1:,}")
        for plot in (self._loss, self._accuracy):
            plot.show_cursor(None if x is None else epoch)

    # Widgets

    def _make_widgets(self) -> None:
        self._legend = QWidget()
        keys = WrappingRow(theme.MARGIN + 2, self._legend)
        keys.addWidget(SeriesKey("steps", "Step", "Each training step"))
        keys.addWidget(SeriesKey("mean", "Epoch mean", "The mean over an epoch's training rows"))
        keys.addWidget(SeriesKey("validation", "Validation", "The rows held back, each epoch"))
        self._position = wrapping_label()
        self._position.setProperty("role", "soft")
        self._position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._log = WordButton(
            "Log", "Logarithmic scale", "Draw the loss by powers of ten", "log_scale"
        )
        self._fit = IconButton("fit", "See all", "See all and follow the run", "fit_curves")
        self._save = IconButton("save", "Save", "Save as a picture or a table", "save_curves")
        self._notice = Notice()
        self._loss, self._accuracy = CurvePlot("Loss"), CurvePlot("Accuracy", "%")
        self._accuracy.view_box.setXLink(self._loss.view_box)
        self._no_accuracy = EmptyState("info", "This loss knows no accuracy")
        self._empty = EmptyState("curves", "Press Train {train} to see the curves")

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(4)
        tools.addWidget(self._position, 1)
        for button in (self._log, self._fit, self._save):
            tools.addWidget(button)
        self._bar = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._bar.setContentsMargins(theme.MARGIN, 4, theme.MARGIN, 0)
        self._bar.addWidget(self._legend)
        self._bar.addLayout(tools, 1)
        self._plots = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._plots)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(theme.SPACING)
        for plot in (self._loss, self._accuracy, self._no_accuracy):
            self._sides.addWidget(plot, 1)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._plots)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._bar)
        column.addWidget(self._notice)
        column.addWidget(stack, 1)

    def _listen(self) -> None:
        self._log.toggled.connect(self._on_log)
        self._fit.clicked.connect(self._reset_view)
        self._save.clicked.connect(self._ask_where_to_save)
        for plot in (self._loss, self._accuracy):
            plot.hovered.connect(self._on_hover)
            plot.clicked.connect(partial(self._on_click, plot))
            plot.view_changed.connect(self._on_view_changed)
            plot.moved_by_hand.connect(self._on_moved_by_hand)
            plot.double_clicked.connect(self._reset_view)

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What each command of this panel does, by its name."""
        return {
            "log_scale": self._log.click,
            "fit_curves": self._fit.click,
            "save_curves": self._save.click,
        }

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._schedule()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = self.width() > 1.3 * self.height() or self.height() < _LOW
        self._sides.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        roomy = self.width() > _NARROW
        self._bar.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        self._schedule()

    @Slot(bool)
    def _on_log(self, log: bool) -> None:
        self._loss.set_log(log)
        self._follows = True
        self._redraw()

    @Slot(object)
    def _on_hover(self, x: float | None) -> None:
        self._cursor = None if x is None else min(max(x, 0.0), self._curves.end)
        if len(self._curves):
            self._show_cursor()

    def _on_click(self, plot: CurvePlot, epoch: float) -> None:
        steps = self._curves.steps_per_epoch
        self.moment_wanted.emit(epoch * steps, plot.reach * steps)

    @Slot()
    def _on_view_changed(self) -> None:
        if not self._drawing:
            self._schedule()

    @Slot()
    def _on_moved_by_hand(self) -> None:
        self._follows = False
        self._schedule()

    @Slot()
    def _reset_view(self) -> None:
        self._follows = True
        self._schedule()

    @Slot()
    def _ask_where_to_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the curves", "curves.png", _FILTERS)
        if name:
            self.save(Path(name))
