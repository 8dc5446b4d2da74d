"""What every plot of a run can do: share its x axis, show what is kept, tell of clicks."""

from typing import Any

from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtWidgets import QWidget

from explorer.app import theme
from explorer.app.panels.moments import Moments
from explorer.app.panels.plot_view import PlotView


class Plot(QWidget):
    """A view that curves are drawn in; what they are, its heirs know.

    Signals:
        clicked(float): the place along x that was clicked at.
        double_clicked(): it was clicked twice.
        moved_by_hand(): somebody has moved or zoomed it.
    """

    clicked = Signal(float)
    double_clicked = Signal()
    moved_by_hand = Signal()

    def __init__(self, view: PlotView):
        super().__init__()
        self._view = view

    @property
    def view_box(self) -> Any:
        """The view, for another plot to share its x axis."""
        return self._view.getViewBox()

    @property
    def reach(self) -> float:
        """How far from a place along x a click still means it."""
        return self._view.reach

    def show_kept(self, kept: Moments, moment: int | None) -> None:
        """Shade the steps that can be opened along x, and mark the one that is looked at."""
        self._view.show_kept(kept)
        self._view.show_moment(None if moment is None else kept.place(moment))

    def _see(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Take in all from one number to another, across and up.

        What is drawn is placed there at once: pyqtgraph would do so as it paints, and paint again.
        """
        self.view_box.setRange(xRange=x, yRange=y, padding=0)
        self.view_box.prepareForPaint()

    def _listen(self) -> None:
        """Hear the view from now on: all is there that is drawn in it."""
        self._view.hovered.connect(self._on_hover)
        self._view.clicked.connect(self._on_click)
        self._view.double_clicked.connect(self.double_clicked)
        self.view_box.sigRangeChangedManually.connect(self._on_moved)
        theme.changed.connect(self._retint)

    def _on_hover(self, at: QPointF | None) -> None:
        """The pointer is there, in the plot's numbers; None for elsewhere."""
        raise NotImplementedError

    def _retint(self) -> None:
        """Take the colours of the theme in use."""
        raise NotImplementedError

    @Slot(object)
    def _on_click(self, at: QPointF) -> None:
        self.clicked.emit(at.x())

    @Slot(object)
    def _on_moved(self, _axes: object) -> None:
        self.moved_by_hand.emit()
