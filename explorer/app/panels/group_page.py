"""What the inspector shows of one group: its name, its ports, the nodes in it."""

from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel

from explorer.app import theme
from explorer.app.glyphs import layer_pixmap
from explorer.app.panels.buttons import TextButton
from explorer.app.panels.fields import TextField
from explorer.app.panels.numbers import plural
from explorer.app.panels.rich_text import heading, rich_label, row, table
from explorer.app.panels.scroll_page import ScrollPage
from explorer.graph import Graph, blocks, grouping
from explorer.layers import shape_text

_TILE = 28


class GroupPage(ScrollPage):
    """Shows one group of a graph and renames it.

    Signals:
        asked(str): a command of groups, by its name, that was clicked.
        node_chosen(str): a node in it was clicked.
    """

    asked = Signal(str)
    node_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("The selected group")
        self._graph: Graph | None = None
        self._id = ""
        self._tile, self._title = QLabel(), TextField(str)
        self._title.setFont(theme.font(theme.TITLE_SIZE, bold=True))
        self._title.setToolTip("The name that the card shows; Enter takes it over")
        self._title.setAccessibleName("Group name")
        self._title.edited.connect(self._rename)
        self._what, self._ports, self._inside = rich_label(), rich_label(), rich_label()
        self._inside.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._inside.linkActivated.connect(self.node_chosen)
        self._lay_out()
        theme.changed.connect(self._show)

    def show_group(self, graph: Graph, id: str) -> None:
        """Show that group as it is now."""
        self._graph, self._id = graph, id
        self._show()

    def _lay_out(self) -> None:
        head, buttons = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(theme.MARGIN)
        head.addWidget(self._tile)
        head.addWidget(self._title, 1)
        for command, words, what in (
            ("enter_group", "Enter", "Look into this group"),
            ("expand_group", "Expand", "Put its nodes in its place"),
            ("save_group", "Save to layers…", "Keep it among the layers"),
        ):
            button = TextButton(words, what, command)
            button.clicked.connect(lambda checked=False, name=command: self.asked.emit(name))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addLayout(head)
        self.column.addWidget(self._what)
        self.column.addLayout(buttons)
        self.column.addWidget(heading("Ports"))
        self.column.addWidget(self._ports)
        self.column.addWidget(heading("Nodes in it"))
        self.column.addWidget(self._inside)
        self.column.addStretch(1)

    @Slot()
    def _show(self) -> None:
        graph, id = self._graph, self._id
        if graph is None or id not in graph.groups:
            return
        sharpness = self.devicePixelRatioF()
        self._tile.setPixmap(layer_pixmap("Group", blocks.FAMILY, _TILE, sharpness))
        self._title.show_value(graph.groups[id].label)
        inside = grouping.nodes_of(graph, [id])
        weights = plural(graph.analysis.parameter_count(inside), "parameter")
        self._what.setText(
            f"<b>Group</b> · {escape(id)}<br>{plural(len(inside), 'node')} with {weights}. "
            "It computes nothing by itself: its nodes run as they did."
        )
        self._ports.setText(_ports(graph, id))
        self._inside.setText("<br>".join(_link(graph, node) for node in inside))

    @Slot(object)
    def _rename(self, title: str) -> None:
        if self._graph is not None:
            self._graph.rename(self._id, title)


def _ports(graph: Graph, id: str) -> str:
    rows = []
    for port in grouping.inputs(graph, id):
        wire = graph.wires.get(port.paths[0])
        source = f"from {wire.source}" if wire else "not connected"
        rows.append(row(port.name, _shape(graph, wire.source if wire else None), source))
    for port in grouping.outputs(graph, id):
        readers = [wire.target for wire in graph.readers(port.paths[0])]
        where = f"to {', '.join(readers)}" if readers else "not read"
        rows.append(row(port.name, _shape(graph, port.paths[0]), where))
    return table(rows)


def _shape(graph: Graph, output: str | None) -> str:
    spec = graph.analysis.spec(output) if output else None
    return shape_text(spec.shape) if spec else "?"


def _link(graph: Graph, id: str) -> str:
    node, colours = graph.nodes[id], theme.current()
    style = f"color:{colours.accent}"
    return (
        f'<a href="{escape(id)}" style="{style}">{escape(node.label)}</a>'
        f" <span style='color:{colours.text_soft}'>{escape(node.kind)}</span>"
    )
