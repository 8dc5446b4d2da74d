"""The panel: gradients, updates, activations and dead units of each layer, step by step."""

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.app import theme
from explorer.app.messages import StepperMoved
from explorer.app.over_time.choice import Choice, choose
from explorer.app.over_time.keeping import KeepingBar
from explorer.app.over_time.layer_plot import Line
from explorer.app.over_time.layer_plots import LayerPlots
from explorer.app.over_time.style import LayerKey
from explorer.app.panels.buttons import IconButton, WordButton
from explorer.app.panels.notice import EmptyState, Notice
from explorer.app.panels.numbers import plural
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.training import Kept, Measured
from explorer.training.monitoring import Quantity, Record

_INTERVAL_MS = 250


class OverTimePanel(QWidget):
    """Keeps a run's measures and draws them at most four times a second, and never when hidden.

    Signals:
        wanted(bool): whether layers are to be measured: it is seen, or recording is on.
        keep_requested(int, int, bool): keep so many steps in so many megabytes; whether steps are
            added now, or those kept are left as they are.
        moment_shown(steps, step): which steps can be opened, and which is looked at.
    """

    wanted = Signal(bool)
    keep_requested = Signal(int, int, bool)
    moment_shown = Signal(object, object)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._record = Record()
        self._selected: tuple[str, ...] = ()
        self._choice = Choice((), {}, "")
        self._keys: list[LayerKey] = []
        self._plots: LayerPlots | None = None
        self._follows = True
        self._is_seen = self._is_wanted = False
        self._moment: int | None = None
        self._timer = QTimer(self, singleShot=True, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._redraw)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Over time")
        self._make_widgets()
        self._lay_out()
        self._listen()
        self.clear()

    # What it is told

    @Slot(object)
    def add(self, measured: Measured) -> None:
        """Take over the measures of a step."""
        self._record.add(measured)
        self._schedule()

    @Slot()
    def clear(self) -> None:
        """Forget the run."""
        self._record.clear()
        self._follows = True
        self._redraw()

    def show_selection(self, nodes: Collection[str]) -> None:
        """Show these nodes alone; the whole net where there are none."""
        self._selected = tuple(nodes)
        self._schedule()

    @Slot(object)
    def show_kept(self, kept: Kept) -> None:
        """Other steps are kept."""
        self.keeping.show_kept(kept)
        self._schedule()

    def show_step(self, moved: StepperMoved | None) -> None:
        """A step of the run is walked through: one of the past, or the one at hand; or none."""
        is_past = moved is not None and moved.stands_at is not None
        self._moment = moved.batch if moved and is_past else None
        self._past.tell("past", moved.moment if moved else "")
        self.keeping.show_moment(self._moment)
        self._mark()

    def _mark(self) -> None:
        """Show in the plots which steps can be opened, and which is looked at."""
        kept = self.keeping.kept
        if self._plots is not None:
            self._plots.show_kept(kept, self._moment)
        self.moment_shown.emit(kept.steps, self._moment)

    @property
    def is_seen(self) -> bool:
        """Whether it is in front."""
        return self._is_seen

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What each command of this panel does, by its name."""
        return {
            "fit_over_time": self._see_all,
            "record_over_time": self._recording.click,
            "earlier_moment": partial(self.keeping.next_wanted.emit, True),
            "later_moment": partial(self.keeping.next_wanted.emit, False),
        }

    # Whether it is to be measured

    @Slot(bool)
    def look(self, is_seen: bool) -> None:
        """It is seen from now on, or it is behind another panel or closed."""
        self._is_seen = is_seen
        self._tell_wanted()
        self._schedule()

    @Slot()
    def _tell_wanted(self) -> None:
        wanted = self._is_seen or self._recording.isChecked()
        if wanted != self._is_wanted:
            self._is_wanted = wanted
            self.wanted.emit(wanted)
            self._ask_to_keep()

    @Slot()
    def _ask_to_keep(self) -> None:
        self.keep_requested.emit(self.keeping.count, self.keeping.megabytes, self._is_wanted)

    # Drawing

    def _schedule(self) -> None:
        if self._is_seen and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _redraw(self) -> None:
        is_empty = not len(self._record)
        self._fit.setEnabled(not is_empty and not self._follows)
        self._choose()
        self._mark()
        if is_empty:
            self._stack.setCurrentWidget(self._empty)
            return
        plots = self._plots or self._make_plots()
        self._stack.setCurrentWidget(plots)
        lines = {quantity: self._lines(quantity) for quantity in self._choice.by_quantity}
        plots.draw(lines, self._record.latest_step + 1.0 if self._follows else None)

    def _lines(self, quantity: Quantity) -> list[Line]:
        lines = []
        for node in self._choice.by_quantity[quantity]:
            steps, values = self._record.series(node, quantity)
            spread = self._record.series(node, "std")[1] if quantity == "mean" else None
            place = self._choice.nodes.index(node)
            lines.append(Line(node, place, steps + 1, values, spread, self._record.gaps))
        return lines

    def _edits_in_words(self) -> str:
        """What of the latest step is as it was edited."""
        latest = self._record.latest
        edits = plural(latest.edits, "edited number") if latest and latest.edits else ""
        return f"Step {self._record.latest_step + 1:,} with {edits}" if edits else ""

    def _choose(self) -> None:
        """Show the keys of the layers that are shown now, where they are others than before."""
        choice = choose(self._record.nodes, self._selected)
        words = " · ".join(filter(None, (choice.words, self._edits_in_words())))
        self._which.setText(words)
        self._which.setVisible(bool(words))
        if choice.nodes == self._choice.nodes:
            self._choice = choice
            return
        self._choice = choice
        for key in self._keys:
            self._legend_row.removeWidget(key)
            key.deleteLater()
        self._keys = [LayerKey(place, node) for place, node in enumerate(choice.nodes)]
        for key in self._keys:
            self._legend_row.addWidget(key)

    # Widgets

    def _make_plots(self) -> LayerPlots:
        """Once there is something to draw: they would hold up the window's first sight."""
        self._plots = plots = LayerPlots()
        plots.fit_into(self.size())
        plots.moved_by_hand.connect(self._on_moved)
        plots.double_clicked.connect(self._see_all)
        plots.clicked.connect(self.keeping.choose)
        plots.show_kept(self.keeping.kept, self._moment)
        self._stack.addWidget(plots)
        return plots

    def _make_widgets(self) -> None:
        self._legend = QWidget()
        self._legend_row = WrappingRow(theme.MARGIN + 2, self._legend, below=2)
        self._which = QLabel()
        self._which.setProperty("role", "soft")
        self._which.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._recording = WordButton(
            "Record",
            "Record while hidden",
            "Go on measuring, and keeping steps, while this panel is hidden",
            "record_over_time",
        )
        self._fit = IconButton("fit", "See all", "See all and follow the run", "fit_over_time")
        self.keeping = KeepingBar()
        self._past = Notice()
        self._empty = EmptyState("curves", "Press Train {train} to see how each layer fares")

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(theme.MARGIN, 4, theme.MARGIN, 0)
        tools.setSpacing(4)
        tools.addWidget(self.keeping, 1)
        for button in (self._recording, self._fit):
            tools.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        words.setSpacing(2)
        for line in (self._past, self._which, self._legend):
            words.addWidget(line)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self._empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(tools)
        whole.addLayout(words)
        whole.addWidget(stack, 1)

    def _listen(self) -> None:
        self._recording.toggled.connect(self._tell_wanted)
        self._fit.clicked.connect(self._see_all)
        self.keeping.wanted.connect(self._ask_to_keep)
        # A number field would take the keys of the panel's commands for itself.
        self.setFocusProxy(self._recording)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._plots is not None:
            self._plots.fit_into(event.size())

    @Slot()
    def _see_all(self) -> None:
        self._follows = True
        self._redraw()

    @Slot()
    def _on_moved(self) -> None:
        self._follows = False
        self._fit.setEnabled(True)
