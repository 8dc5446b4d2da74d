"""Shows the pictures that training tells of below the cards, and keeps them in step with them."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from explorer.app import theme
from explorer.app.canvas.far import FAR_BELOW
from explorer.app.canvas.pictures.drawer import Drawer
from explorer.app.canvas.pictures.layout import lay_out
from explorer.app.canvas.pictures.room import rooms
from explorer.app.canvas.scene import GraphScene
from explorer.graph.grouping import contents, outputs
from explorer.training import Pictures
from explorer.training.pictures import NodePicture


class PictureShow(QObject):
    """A drawer below the card of each node that is pictured.

    `wanted` tells whether pictures can be seen: they are turned on, cards are not so small that
    they are blocks of colour, and the window is not minimised.
    """

    wanted = Signal(bool)

    def __init__(self, scene: GraphScene, window: QWidget):
        super().__init__(window)
        self._scene = scene
        self._pictures: Pictures | None = None
        self._rooms: dict[str, float] = {}
        self._is_on = False
        self._is_readable = True
        self._is_open = True
        window.installEventFilter(self)
        scene.refreshed.connect(self._again)
        scene.rescaled.connect(self._rescale)
        theme.changed.connect(self._restyle)

    @Slot(bool)
    def turn(self, is_on: bool) -> None:
        """Show pictures from now on, or none."""
        before, self._is_on = self._is_wanted, is_on
        self._tell(before)

    @Slot(object)
    def show(self, pictures: Pictures) -> None:
        """Show these in place of those before."""
        if not self._is_wanted:
            return
        if self._pictures is None:
            self._measure()
        self._pictures = pictures
        self._lay_out()

    @Slot()
    def clear(self) -> None:
        """Take all pictures away: they are of another net, or of weights that are gone."""
        self._pictures = None
        for item in self._scene.nodes.values():
            item.hang(None)
        self._scene.routes.settle()

    @property
    def step(self) -> int | None:
        """The training step that is pictured, None where nothing is."""
        return self._pictures.step if self._pictures else None

    @property
    def _is_wanted(self) -> bool:
        return self._is_on and self._is_readable and self._is_open

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowStateChange and isinstance(window, QWidget):
            before, self._is_open = self._is_wanted, not window.isMinimized()
            self._tell(before)
        return super().eventFilter(window, event)

    @Slot(float)
    def _rescale(self, scale: float) -> None:
        before, self._is_readable = self._is_wanted, scale >= FAR_BELOW
        self._tell(before)

    def _tell(self, before: bool) -> None:
        if self._is_wanted != before:
            self.wanted.emit(self._is_wanted)
            if not self._is_wanted:
                self.clear()

    @Slot()
    def _again(self) -> None:
        """Cards were moved, added or taken away."""
        if self._pictures is not None:
            self._measure()
            self._lay_out()

    def _measure(self) -> None:
        self._rooms = rooms({id: item.box for id, item in self._scene.nodes.items()})

    def _lay_out(self) -> None:
        assert self._pictures is not None
        for id, item in self._scene.nodes.items():
            pictured = self._pictured(id)
            layout = lay_out(pictured, self._rooms[id]) if pictured else None
            if pictured is None or layout is None:
                item.hang(None)
                continue
            if isinstance(item.hanging, Drawer):
                item.hanging.show_picture(pictured, layout)
                item.touched()
            else:
                item.hang(Drawer(item, pictured, layout))
        self._scene.routes.settle()

    def _pictured(self, id: str) -> NodePicture | None:
        """The picture of a node; of a group, what leaves it first, and its worst gradient."""
        assert self._pictures is not None
        nodes, graph = self._pictures.nodes, self._scene.graph
        if id not in graph.groups:
            return nodes.get(id)
        leaving = (path.partition(".")[0] for port in outputs(graph, id) for path in port.paths)
        last = next((nodes[node] for node in leaving if node in nodes), None)
        inside = (nodes[node].gauge for node in contents(graph, id) if node in nodes)
        marked = next((gauge for gauge in inside if gauge is not None and gauge.mark), None)
        return replace(last, gauge=marked or last.gauge) if last else None

    @Slot()
    def _restyle(self) -> None:
        for item in self._scene.nodes.values():
            if isinstance(item.hanging, Drawer):
                item.hanging.restyle()
