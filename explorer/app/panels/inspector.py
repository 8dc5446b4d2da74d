"""The inspector: what is selected on the canvas, and a form to change it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedLayout, QWidget

from explorer.app.panels.group_page import GroupPage
from explorer.app.panels.node_page import NodePage
from explorer.app.panels.notice import EmptyState
from explorer.app.panels.numbers import plural
from explorer.graph import Graph, Problem
from explorer.graph.grouping import nodes_of


class InspectorPanel(QWidget):
    """Shows one node or group in full, several as a sum, and what to do while none is selected.

    Signals:
        tensor_opened(path): the person wants to look at a weight or a buffer, "fc1.w".
    """

    tensor_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._graph = Graph()
        self._chosen: list[str] = []
        self._problems: list[Problem] = []
        self._words = EmptyState("info")
        self._page = NodePage()
        self._page.tensor_opened.connect(self.tensor_opened)
        self.group_page = GroupPage()
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._words)
        self._stack.addWidget(self._page)
        self._stack.addWidget(self.group_page)
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
        self._page.take_back_refused()
        self._show()

    def _show(self) -> None:
        graph = self._graph
        ids = [id for id in self._chosen if id in graph.nodes or id in graph.groups]
        is_group = len(ids) == 1 and ids[0] in graph.groups
        self._stack.setCurrentIndex(2 if is_group else int(len(ids) == 1))
        if is_group:
            self.group_page.show_group(graph, ids[0])
        elif len(ids) == 1:
            mine = [problem for problem in self._problems if problem.node == ids[0]]
            self._page.show_node(self._graph, ids[0], mine)
        elif ids:
            nodes = nodes_of(graph, ids)
            weights = plural(graph.analysis.parameter_count(nodes), "parameter")
            self._words.say(f"{len(nodes)} nodes are selected, with {weights} in all")
        else:
            self._words.say("Click a node to see and change its settings")
