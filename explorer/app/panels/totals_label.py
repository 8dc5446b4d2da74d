"""What the net, or the part of it that is selected, adds up to: a line of the status bar."""

from collections.abc import Collection

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from explorer.app.panels.numbers import plural
from explorer.graph import Graph
from explorer.graph.grouping import nodes_of
from explorer.graph.quantities import in_bytes, rounded
from explorer.graph.totals import Totals, totals

_LARGE = 300
"""Nodes of a net that takes longer to count than a key to be pressed again."""
_MOMENT = 200
"""Milliseconds."""


class TotalsLabel(QLabel):
    """Tells nodes, parameters, multiplications and memory; the tooltip says what they mean.

    It counts when the event loop has nothing else to do, once for all that happened until then;
    of a large net a moment later.
    """

    def __init__(self, graph: Graph, parent: QWidget | None = None):
        super().__init__(parent)
        self.setProperty("role", "soft")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName("Totals")
        self._graph = graph
        self._chosen: list[str] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)

    def show_graph(self, graph: Graph) -> None:
        """Tell of this graph from now on, as it is now."""
        self._graph = graph
        self._count_soon()

    def show_selection(self, ids: Collection[str]) -> None:
        """Tell of these nodes and groups; of the whole net where there are none."""
        self._chosen = list(ids)
        self._count_soon()

    def _count_soon(self) -> None:
        self._timer.start(_MOMENT if len(self._graph.nodes) > _LARGE else 0)

    def _tell(self) -> None:
        graph = self._graph
        chosen = nodes_of(graph, self._chosen)
        found = totals(graph, set(chosen) or None)
        self.setText(_line(found, len(graph.nodes)))
        self.setToolTip(_explanation(found, graph, bool(chosen)))


def _line(found: Totals, of: int) -> str:
    nodes = plural(of, "node") if found.nodes == of else f"{found.nodes:,} of {plural(of, 'node')}"
    parts = [nodes]
    if found.parameters or not found.unknown:
        parts.append(plural(found.parameters, "parameter"))
    if found.unknown:
        parts.append(f"{found.unknown:,} not counted")
    if found.multiplications:
        parts.append(f"{rounded(found.multiplications)} MACs a row")
    if found.bytes:
        parts.append(in_bytes(found.bytes))
    return " · ".join(parts)


def _explanation(found: Totals, graph: Graph, is_part: bool) -> str:
    rows, precision = graph.training.batch_size, graph.training.precision
    lines = [
        f"What {'the selected nodes hold' if is_part else 'the whole net holds'}",
        "MACs: multiplications, each with the addition that follows, of the forward pass of one "
        "row; in matrix products and convolutions alone",
        f"Memory of a training step of {plural(rows, 'row')} in {precision} precision, about:",
        f"    {in_bytes(found.weight_bytes)} of weights",
        f"    {in_bytes(found.gradient_bytes)} of their gradients",
        f"    {in_bytes(found.kept_bytes)} kept by the forward pass for the backward pass",
        "What the optimizer keeps for itself is not in it",
    ]
    if found.unknown:
        verb = "is" if found.unknown == 1 else "are"
        lines.append(f"{plural(found.unknown, 'node')} {verb} not counted: the shapes are unknown")
    return "\n".join(lines)
