"""The panel: gradients, updates, activations and dead units of each layer, step by step."""

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
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
from explorer.app.over_time.layer_plot import LayerPlot, Line
from explorer.app.over_time.style import LayerKey
from explorer.app.panels.buttons import IconButton, WordButton
from explorer.app.panels.notice import EmptyState, Notice, wrapping_label
from explorer.app.panels.numbers import plural
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.training import Kept, Measured
from explorer.training.monitoring import Quantity, Record
from explorer.training.monitoring.measures import HEALTHY_RATIO

_INTERVAL_MS = 250
_WIDE = 900
"""From how wide a panel, in points, all four plots stand side by side where it is low; from how
high a one there is room for what a plot means, which its tooltip tells, too."""
_LOW, _ROOMY = 330, 290

_MEANINGS: dict[Quantity, str] = {
    "gradient": (
        "How hard the loss pulls at a layer's weights; at its output where it is selected and has "
        "none. Powers of ten lower towards the input: it vanishes; ever higher: it explodes."
    ),
    "ratio": (
        "How much of its weights a step changes. About 1e-3 is healthy: far above, lower the "
        "learning rate; far below, the layer hardly learns."
    ),
    "mean": (
        "What flows out: the mean, and the standard deviation as a band. A band that shrinks to "
        "nothing passes nothing on."
    ),
    "dead": (
        "Units that give 0 for every row of the batch: no gradient flows through them. More and "
        "more of them: lower the learning rate."
    ),
}
_NOTHING: dict[Quantity, str] = {
    "gradient": "No gradient flows to what is selected",
    "ratio": "Nothing that is selected learns",
    "mean": "What is selected gives no fractions",
    "dead": "Only units of an activation, such as ReLU, can die: none is shown",
}


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
        for plot in self._plots.values():
            plot.show_kept(kept, self._moment)
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
        self._stack.setCurrentIndex(0 if is_empty else 1)
        self._fit.setEnabled(not is_empty and not self._follows)
        self._choose()
        self._mark()
        if is_empty:
            return
        end = float(self._record.latest_step + 1)
        for quantity, plot in self._plots.items():
            plot.draw(self._lines(quantity), end if self._follows else None)

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
        self._meaning = wrapping_label()
        self._meaning.setProperty("role", "soft")
        self._meaning.setFont(theme.font(theme.SMALL_SIZE))
        self._empty = EmptyState("curves", "Press Train {train} to see how each layer fares")
        self._plots: dict[Quantity, LayerPlot] = {
            "gradient": LayerPlot("Gradient norm", _MEANINGS["gradient"], is_log=True),
            "ratio": LayerPlot("Update / weight", _MEANINGS["ratio"], is_log=True),
            "mean": LayerPlot("Activations", _MEANINGS["mean"]),
            "dead": LayerPlot("Dead units", _MEANINGS["dead"], is_share=True),
        }
        self._plots["ratio"].show_guide(HEALTHY_RATIO, "1e-3")
        for quantity, plot in self._plots.items():
            plot.say_nothing_is_shown(_NOTHING[quantity])
            if quantity != "gradient":
                plot.view_box.setXLink(self._plots["gradient"].view_box)

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
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(2)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, theme.MARGIN, 0)
        self._grid.setSpacing(2)
        column.addLayout(self._grid, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        foot.addWidget(self._meaning)
        column.addLayout(foot)
        self._across = 0
        self._place_plots(2)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(tools)
        whole.addLayout(words)
        whole.addWidget(stack, 1)

    def _place_plots(self, across: int) -> None:
        """So many plots in each row."""
        if across == self._across:
            return
        self._across = across
        for number, plot in enumerate(self._plots.values()):
            self._grid.addWidget(plot, number // across, number % across)
            plot.show_steps(number + across >= len(self._plots))
        for side in range(len(self._plots)):
            self._grid.setColumnStretch(side, 1 if side < across else 0)
            self._grid.setRowStretch(side, 1 if side < len(self._plots) // across else 0)

    def _listen(self) -> None:
        self._recording.toggled.connect(self._tell_wanted)
        self._fit.clicked.connect(self._see_all)
        for plot in self._plots.values():
            plot.hovered.connect(self._on_hover)
            plot.moved_by_hand.connect(self._on_moved)
            plot.double_clicked.connect(self._see_all)
            plot.clicked.connect(partial(self._on_click, plot))
        self.keeping.wanted.connect(self._ask_to_keep)
        self._explain(self._plots["ratio"])
        # A number field would take the keys of the panel's commands for itself.
        self.setFocusProxy(self._recording)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._meaning.setVisible(self.height() >= _ROOMY)
        is_flat = self.width() >= _WIDE and self.height() < _LOW
        self._place_plots(len(self._plots) if is_flat else 2)

    @Slot()
    def _see_all(self) -> None:
        self._follows = True
        self._redraw()

    @Slot()
    def _on_moved(self) -> None:
        self._follows = False
        self._fit.setEnabled(True)

    @Slot(object, str)
    def _on_hover(self, step: float | None, node: str) -> None:
        for plot in self._plots.values():
            plot.show_cursor(step, node)
        pointed = self.sender()
        if step is not None and isinstance(pointed, LayerPlot):
            self._explain(pointed)

    def _on_click(self, plot: LayerPlot, step: float) -> None:
        self.keeping.choose(step, plot.reach)

    def _explain(self, plot: LayerPlot) -> None:
        self._meaning.setText(plot.meaning)
