"""What the inspector shows of one node: its name, faults, settings, shapes, weights, equations."""

from collections.abc import Mapping
from functools import partial
from html import escape
from math import prod

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from explorer.app import theme
from explorer.app.glyphs import layer_icon
from explorer.app.panels.fields import TextField
from explorer.app.panels.form import SettingsForm
from explorer.app.panels.notice import Kind, Notice
from explorer.app.panels.numbers import plural
from explorer.app.panels.rich_text import heading, rich_label, row, table
from explorer.app.panels.scroll_page import ScrollPage
from explorer.graph import Graph, GraphError, Node, Problem, sharing
from explorer.graph.chains import about_chain
from explorer.layers import Layer, Learning, ParameterSpec, shape_text

_TILE = 28
_MUTED = "Muted: its first input goes on as its output"


class NodePage(ScrollPage):
    """Edits one node of a graph.

    Signals:
        tensor_opened(path): the person wants to look at a weight or a buffer, "fc1.w".
    """

    tensor_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__("The selected node")
        self._graph: Graph | None = None
        self._node: Node | None = None
        self._form: SettingsForm | None = None
        self._notices: list[Notice] = []
        self._make_widgets()
        self._lay_out()
        theme.changed.connect(self._retint)

    def show_node(self, graph: Graph, id: str, problems: list[Problem]) -> None:
        """Show that node as it is now, with what is wrong with it."""
        before, node = self._node, graph.nodes[id]
        self._graph, self._node = graph, node
        self._title.show_value(node.label)
        is_other = before is None or before.id != id or before.kind != node.kind
        if is_other:
            self._make_form(node)
            self._retint()
            self._say_what_it_is(node)
            self.verticalScrollBar().setValue(0)
        elif isinstance(node.layer, Layer) and self._form and before.layer != node.layer:  # type: ignore[union-attr]
            self._form.show_values(_values(node.layer))
        if self._form and isinstance(node.layer, Learning):
            self._form.suggest("weights_from", _alike(graph, node))
        said: list[tuple[Kind, str]] = [(each.severity, str(each)) for each in problems]
        if node.is_muted:
            said.append(("info", _MUTED))
        if note := about_chain(graph, node.id):
            said.append(("info", note))
        self._show_notices(said)
        self._show_tables(node)

    def take_back_refused(self) -> None:
        """The net changed: a refused value is not what is in use, nor is it refused any more."""
        if self._form is not None:
            self._form.take_back_refused()

    # Widgets

    def _make_widgets(self) -> None:
        self._tile = QLabel()
        self._title = TextField(str)
        self._title.setFont(theme.font(theme.TITLE_SIZE, bold=True))
        self._title.setToolTip("The name that the card shows; Enter takes it over")
        self._title.setAccessibleName("Name")
        self._title.edited.connect(self._rename)
        self._what = rich_label()
        self._faults = QVBoxLayout()
        self._settings = QVBoxLayout()
        self._flow, self._weights, self._equations = rich_label(), rich_label(), rich_label()
        self._weights_heading = heading("Weights")
        self._buffers = rich_label()
        self._buffers_heading = heading("Buffers")
        for label in (self._weights, self._buffers):
            label.setToolTip("Click a name to look at its numbers")
            label.linkActivated.connect(self.tensor_opened)
        self._buffers_heading.setToolTip("What it keeps up to date while it trains, by no gradient")
        self._equations_heading = heading("Equations")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.MARGIN)
        head.addWidget(self._tile)
        head.addWidget(self._title, 1)
        column = self.column
        column.addLayout(head)
        column.addWidget(self._what)
        column.addLayout(self._faults)
        column.addWidget(heading("Settings"))
        column.addLayout(self._settings)
        column.addWidget(heading("Shapes"))
        column.addWidget(self._flow)
        column.addWidget(self._weights_heading)
        column.addWidget(self._weights)
        column.addWidget(self._buffers_heading)
        column.addWidget(self._buffers)
        column.addWidget(self._equations_heading)
        column.addWidget(self._equations)
        column.addStretch(1)

    @Slot()
    def _retint(self) -> None:
        if self._node is not None:
            self._tile.setPixmap(layer_icon(self._node.kind, _TILE).pixmap(_TILE, _TILE))
            self._show_tables(self._node)

    def _show_tables(self, node: Node) -> None:
        if self._graph is None or node.id not in self._graph.nodes:
            return
        self._flow.setText(_flow(self._graph, node))
        _fill(self._weights_heading, self._weights, _weights(self._graph, node))
        buffers = _sizes(self._graph.analysis.report(node.id).buffers, node.id)
        _fill(self._buffers_heading, self._buffers, buffers)

    def _say_what_it_is(self, node: Node) -> None:
        layer = node.layer
        summary = layer.summary() if isinstance(layer, Layer) else "This layer is not known here."
        self._what.setText(f"<b>{escape(node.kind)}</b> · {escape(node.id)}<br>{escape(summary)}")
        equations = dict.fromkeys(layer.equations.values()) if isinstance(layer, Layer) else ()
        maths = "<br>".join(_maths(text) for text in equations)
        _fill(self._equations_heading, self._equations, maths)

    def _make_form(self, node: Node) -> None:
        while (item := self._settings.takeAt(0)) is not None:
            if widget := item.widget():
                # Deleted only once an open menu is closed, it would show until then.
                widget.hide()
                widget.deleteLater()
        self._form = None
        if isinstance(node.layer, Layer) and type(node.layer).model_fields:
            self._form = SettingsForm(type(node.layer), _values(node.layer))
            self._form.changed.connect(self._set)
            self._settings.addWidget(self._form)
        else:
            none = QLabel("It has none")
            none.setProperty("role", "soft")
            self._settings.addWidget(none)

    def _show_notices(self, said: list[tuple[Kind, str]]) -> None:
        while len(self._notices) < len(said):
            notice = Notice()
            self._notices.append(notice)
            self._faults.addWidget(notice)
        for number, notice in enumerate(self._notices):
            notice.tell(*(said[number] if number < len(said) else ("info", "")))

    # What a person changes

    @Slot(object)
    def _rename(self, title: str) -> None:
        if self._graph is not None and self._node is not None:
            self._graph.rename(self._node.id, title)

    @Slot(str, object)
    def _set(self, name: str, value: object) -> None:
        if self._graph is None or self._node is None or self._form is None:
            return
        form = self._form
        try:
            self._graph.set(self._node.id, **{name: value})
        except GraphError as error:
            form.show_error(name, str(error).removeprefix(f"{self._node.id}: "))
            # The line has no place of its own before the form is laid out with it.
            QTimer.singleShot(0, self, partial(self._reveal, form, name))
        else:
            form.show_error(name, None)

    def _reveal(self, form: SettingsForm, name: str) -> None:
        """Scroll to what is wrong with a setting, unless another node is shown by now."""
        if form is self._form:
            self.ensureWidgetVisible(form.error(name), 0, theme.SPACING)


def _values(layer: Layer) -> dict[str, object]:
    return {name: getattr(layer, name) for name in type(layer).model_fields}


def _flow(graph: Graph, node: Node) -> str:
    """What arrives at each input and what leaves at each output."""
    rows = []
    specs = graph.analysis.inputs(node.id) if node.inputs else ()
    for port, spec in zip(node.inputs, specs, strict=True):
        wire = graph.wires.get(f"{node.id}.{port}")
        free = ("–", "optional") if port in _optional(node) else ("?", "not connected")
        shape, where = ("?", f"from {wire.source}") if wire else free
        rows.append(row(port, shape_text(spec.shape) if spec else shape, where))
    for port in node.outputs:
        spec = graph.analysis.spec(f"{node.id}.{port}")
        readers = [wire.target for wire in graph.readers(f"{node.id}.{port}")]
        where = f"to {', '.join(readers)}" if readers else "not read"
        rows.append(row(port, shape_text(spec.shape) if spec else "?", where))
    return table(rows)


def _weights(graph: Graph, node: Node) -> str:
    """Each parameter with its size, and whose they are; nothing where it has none."""
    other = sharing.owner(graph, node.id)
    whose = f"those of {other}" if other != node.id else ""
    return _sizes(graph.analysis.report(node.id).parameters, other, whose)


def _alike(graph: Graph, node: Node) -> list[str]:
    """The nodes whose weights it could use: those of its kind that have their own."""
    return [
        id
        for id, other in graph.nodes.items()
        if id != node.id and other.kind == node.kind and sharing.owner(graph, id) == id
    ]


def _optional(node: Node) -> tuple[str, ...]:
    return node.layer.optional if isinstance(node.layer, Layer) else ()


def _sizes(specs: Mapping[str, ParameterSpec], owner: str, remark: str = "") -> str:
    """Tensors of a node by name, with their shapes and a remark or how many numbers that is."""
    rows = []
    for name, spec in specs.items():
        size = remark or plural(prod(spec.shape), "number")
        rows.append(row(name, shape_text(spec.shape), size, f"{owner}.{name}"))
    return table(rows)


def _maths(text: str) -> str:
    family = theme.code_font().family()
    return f"<span style='font-family:\"{escape(family)}\"'>{escape(text)}</span>"


def _fill(above: QLabel, label: QLabel, text: str) -> None:
    """Show a text under its heading; neither where there is none."""
    label.setText(text)
    for part in (above, label):
        part.setVisible(bool(text))
