"""The four plots of the panel, side by side, which point at the same step."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.over_time.layer_plot import LayerPlot, Line
from explorer.app.panels.moments import Moments
from explorer.app.panels.notice import wrapping_label
from explorer.training.monitoring import Quantity
from explorer.training.monitoring.measures import HEALTHY_RATIO

_WIDE = 900
"""From how wide a panel, in points, all four plots stand side by side where it is low; from how
high a one there is room for what a plot means, which its tooltip tells, too."""
_LOW, _ROOMY = 330, 290
_NARROW = 400
"""In a panel narrower than this, what a plot means takes the lines that the curves need."""

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
    "ratio": "Nothing that is selected has weights of its own that learn",
    "mean": "What is selected gives no fractions",
    "dead": "Only units of an activation, such as ReLU, can die: none is shown",
}


class LayerPlots(QWidget):
    """A plot for each quantity, and below them what the one that is pointed at means.

    Signals:
        clicked(float, float): the step that was clicked at, and how far from there the one that is
            meant may be.
        double_clicked(): one was clicked twice.
        moved_by_hand(): somebody has moved or zoomed one.
    """

    clicked = Signal(float, float)
    double_clicked = Signal()
    moved_by_hand = Signal()

    def __init__(self) -> None:
        super().__init__()
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
        self._meaning = wrapping_label()
        self._meaning.setProperty("role", "soft")
        self._meaning.setFont(theme.font(theme.SMALL_SIZE))
        self._lay_out()
        self._listen()
        self._explain(self._plots["ratio"])

    def __iter__(self) -> Iterator[LayerPlot]:
        return iter(self._plots.values())

    def draw(self, lines: Mapping[Quantity, Sequence[Line]], follow_to: float | None) -> None:
        """Draw the curves of each quantity; see all up to a step, or what is seen now."""
        for quantity, plot in self._plots.items():
            plot.draw(lines[quantity], follow_to)

    def show_kept(self, kept: Moments, moment: int | None) -> None:
        """Shade the steps that can be opened, and mark the one looked at, counted from 0."""
        for plot in self:
            plot.show_kept(kept, moment)

    def fit_into(self, panel: QSize) -> None:
        """Stand as there is room for in a panel of that size."""
        self._meaning.setVisible(panel.height() >= _ROOMY and panel.width() >= _NARROW)
        is_flat = panel.width() >= _WIDE and panel.height() < _LOW
        self._place_plots(len(self._plots) if is_flat else 2)

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, theme.MARGIN, 0)
        self._grid.setSpacing(2)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        foot.addWidget(self._meaning)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(2)
        column.addLayout(self._grid, 1)
        column.addLayout(foot)
        self._across = 0

    def _place_plots(self, across: int) -> None:
        """So many plots in each row."""
        if across == self._across:
            return
        self._across = across
        for number, plot in enumerate(self):
            self._grid.addWidget(plot, number // across, number % across)
            plot.show_steps(number + across >= len(self._plots))
        for side in range(len(self._plots)):
            self._grid.setColumnStretch(side, 1 if side < across else 0)
            self._grid.setRowStretch(side, 1 if side < len(self._plots) // across else 0)

    def _listen(self) -> None:
        for plot in self:
            plot.hovered.connect(self._on_hover)
            plot.moved_by_hand.connect(self.moved_by_hand)
            plot.double_clicked.connect(self.double_clicked)
            plot.clicked.connect(partial(self._on_click, plot))

    @Slot(object, str)
    def _on_hover(self, step: float | None, node: str) -> None:
        for plot in self:
            plot.show_cursor(step, node)
        pointed = self.sender()
        if step is not None and isinstance(pointed, LayerPlot):
            self._explain(pointed)

    def _on_click(self, plot: LayerPlot, step: float) -> None:
        self.clicked.emit(step, plot.reach)

    def _explain(self, plot: LayerPlot) -> None:
        self._meaning.setText(plot.meaning)
