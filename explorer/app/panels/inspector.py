"""The inspector: what is selected on the canvas, and a form to change it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedLayout, QWidget

from explorer.app.panels.node_page import NodePage
from explorer.app.panels.notice import EmptyState
from explorer.app.panels.numbers import plural
from explorer.graph import Graph, Problem


class InspectorPanel(QWidget):
    """Shows one node in full, several as a sum, and what to do while none is selected."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._graph = Graph()
        self._chosen: list[str] = []
        self._problems: list[Problem] = []
        self._words = EmptyState("info")
        self._page = NodePage()
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._words)
        self._stack.addWidget(self._page)
        self.setFocusProxy(self._page)
        self._show()

    @Slot(object)
    def set_graph(self, graph: Graph) -> None:
        """Inspect another graph from now on."""
        self._graph.edited.disconnect(self._on_edited, missing_ok=True)
        self._graph, self._chosen, self._problems = graph, [], []
        graph.edited.connect(self._on_edited)
        self._show()

    @Slot(list)
    def show_nodes(self, ids: list[str]) -> None:
        """Show what is selected."""
        self._chosen = list(ids)
        self._show()

    def show_problems(self, problems: list[Problem]) -> None:
        """What is wrong with the graph, of which the selected node's share is shown."""
        self._problems = problems
        self._show()

    def _on_edited(self, label: str) -> None:
        self._show()

    def _show(self) -> None:
        ids = [id for id in self._chosen if id in self._graph.nodes]
        self._stack.setCurrentIndex(1 if len(ids) == 1 else 0)
        if len(ids) == 1:
            mine = [problem for problem in self._problems if problem.node == ids[0]]
            self._page.show_node(self._graph, ids[0], mine)
        elif ids:
            weights = plural(self._graph.analysis.parameter_count(ids), "parameter")
            self._words.say(f"{len(ids)} nodes are selected, with {weights} in all")
        else:
            self._words.say("Click a node to see and change its settings")
