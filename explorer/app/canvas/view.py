"""The window onto the canvas, and the gesture that is going on in it."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmapCache,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView

from explorer.app import theme
from explorer.app.canvas.adding import Adder
from explorer.app.canvas.aligner import Aligner
from explorer.app.canvas.annotating import Annotator
from explorer.app.canvas.arranging import Arranger
from explorer.app.canvas.backdrop import paint_grid
from explorer.app.canvas.bookmarking import Bookmarks
from explorer.app.canvas.breadcrumbs import Breadcrumbs
from explorer.app.canvas.commands import Commands
from explorer.app.canvas.drops import Drops
from explorer.app.canvas.find_bar import FindBar
from explorer.app.canvas.group_commands import GroupCommands
from explorer.app.canvas.minimap import Minimap
from explorer.app.canvas.notes import EmptyHint, PointerNote
from explorer.app.canvas.offering import Offers
from explorer.app.canvas.overlay import StepOverlay
from explorer.app.canvas.pointing import Pointing
from explorer.app.canvas.renaming import TitleField, is_on_title
from explorer.app.canvas.scene import GraphScene
from explorer.app.canvas.snapping import Snapping
from explorer.app.canvas.spoken import spoken
from explorer.app.canvas.step_show import StepShow
from explorer.app.canvas.tools import (
    BandTool,
    BendTool,
    ConnectTool,
    CutTool,
    LassoTool,
    MoveTool,
    PanTool,
    ResizeTool,
    Tool,
)
from explorer.app.canvas.zooming import ZoomedView
from explorer.graph import Graph

_CACHE_KB = 128 * 1024


class GraphView(ZoomedView):
    """Shows a GraphScene and turns mouse and keys into gestures and commands.

    Signals:
        selection_changed(list): ids of the selected nodes.
        told(str): a sentence that says what was done.
        refused(str): a sentence that says why something was not done.
        node_activated(str): a node was double-clicked, elsewhere than on its name.
        context_menu_requested(str, QPoint): what is there ("node", "group", "several", "wire",
            "bend", "annotation", "empty"), selected by then, and where on the screen.
        given_up(): Esc was pressed, and no gesture was under way that it ended.
    """

    selection_changed = Signal(list)
    told = Signal(str)
    refused = Signal(str)
    node_activated = Signal(str)
    context_menu_requested = Signal(str, QPoint)
    given_up = Signal()

    def __init__(self, scene: GraphScene):
        super().__init__(scene)
        self.commands = Commands(self)
        self.snapping = Snapping(self)
        self.pointing = Pointing(self)
        self._adder = Adder(self)
        self._drops = Drops(self, self._adder)
        self.arranger = Arranger(self)
        self.aligner = Aligner(self)
        self.offers = Offers(self, self._adder)
        self.groups = GroupCommands(self)
        self.annotator = Annotator(self)
        self.bookmarks = Bookmarks(self)
        self._title_field: TitleField | None = None
        self._tool: Tool | None = None
        self._space_held = False
        self._is_new_to_mouse = False
        self._set_up()
        self._hint = EmptyHint(self)
        self._note = PointerNote(self)
        self._breadcrumbs = Breadcrumbs(self)
        self._breadcrumbs.chosen.connect(self.groups.show_level)
        self._show = StepShow(self)
        self.find_bar = FindBar(self)
        self.minimap = Minimap(self)
        self.in_corners = (self.minimap, self._show.legend)
        scene.selection_changed.connect(self.selection_changed)
        scene.selection_changed.connect(self._speak)
        scene.refreshed.connect(self._on_refreshed)
        self.sight_changed.connect(self._place_title_field)
        theme.changed.connect(self._restyle)
        self._on_refreshed()

    def _set_up(self) -> None:
        # The painted cards of a whole large window must fit, or each frame paints them again.
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KB))
        self.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Canvas")

    def _restyle(self) -> None:
        self._hint.restyle()
        self.resetCachedContent()
        self.viewport().update()

    def _on_refreshed(self) -> None:
        """The graph changed: a gesture that began on the old one ends here."""
        self.cancel_tool()
        self.offers.close()
        self._drops.leave()
        self._place_title_field()
        self._speak()
        scene = self.graph_scene
        self._hint.setVisible(not scene.nodes and not scene.level)
        self._breadcrumbs.show_level(scene.graph, scene.level)

    def _speak(self) -> None:
        self.setAccessibleDescription(spoken(self.graph_scene))

    # What a program does with it

    def expect_graph(self) -> None:
        """One is about to be opened: no word on how to begin with none."""
        self._hint.hide()

    def add_layer(self, kind: str, at: QPointF | None = None) -> str | None:
        """Add a node of that layer; its id, or None when that was refused.

        `at` is the scene point to put its middle on; without it the node stands free at the
        centre, or right of the one selected node, to which it is wired if the two fit.
        """
        return self._adder.add(kind, at, wired=at is None, exactly=True)

    def quick_add(self) -> None:
        """Offer every layer in a list at the pointer; what is chosen is added there."""
        self.cancel_tool()
        self.offers.at_pointer()

    def rename(self, id: str) -> None:
        """Let the person change a node's name where it stands."""
        self.cancel_tool()
        self._title_field = TitleField(self, id)

    def cancel_fields(self) -> None:
        """Leave what is being written on the canvas as it was."""
        if self._title_field is not None and not self._title_field.is_over:
            self._title_field.leave()
        self.annotator.close()

    def _place_title_field(self) -> None:
        if self._title_field is not None and self._title_field.is_over:
            self._title_field = None
        if self._title_field is not None:
            self._title_field.place()
        self.annotator.place()
        self.minimap.follow()

    def selected(self) -> list[str]:
        """The ids of the selected nodes."""
        return self.graph_scene.selected()

    def select(self, ids: list[str]) -> None:
        """Select these nodes and nothing else."""
        self.graph_scene.select(ids)

    def select_all(self) -> None:
        """Select every node and wire."""
        self.graph_scene.select(self.graph_scene.nodes, self.graph_scene.wires)

    def delete_selection(self) -> None:
        """Delete the selected nodes and wires, as one action."""
        self.commands.delete_selection()

    def show_step(self, overlay: StepOverlay | None) -> None:
        """Show where a step stands, or, with None, no longer."""
        self._show.show(overlay)

    def set_graph(self, graph: Graph) -> None:
        """Show another graph, from its beginning."""
        self.cancel_tool()
        self.show_step(None)
        self.cancel_fields()
        self.graph_scene.set_graph(graph)
        self.groups.forget()
        self.frame_opened()

    # Gestures

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_new_to_mouse = False
        if self._tool is not None:
            self.cancel_tool()
            return
        tool = self._tool_for(event)
        if tool is not None:
            self._tool = tool
            self.graph_scene.hover(None)
            tool.start(event)
            self._show_cursor(tool.cursor)

    def _tool_for(self, event: QMouseEvent) -> Tool | None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (is_left and self._space_held):
            return PanTool(self)
        if not is_left:
            return None
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            encloses = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            return LassoTool(self) if encloses else CutTool(self)
        return self._tool_at(self.to_scene(event.position()))

    def _tool_at(self, at: QPointF) -> Tool:
        near = self.graph_scene.port_near(at)
        if near is not None:
            return ConnectTool(self, *near)
        item = self.graph_scene.node_at(at)
        if item is not None:
            return MoveTool(self, item)
        bend = self.graph_scene.bend_at(at)
        if bend is not None:
            return BendTool(self, *bend)
        wire = self.graph_scene.wire_at(at)
        if wire is not None:
            return BendTool(self, wire, None)
        annotation = self.graph_scene.annotations.at(at)
        if annotation is not None:
            grips = annotation.isSelected() and annotation.is_grip(at)
            return ResizeTool(self, annotation) if grips else MoveTool(self, annotation)
        return BandTool(self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._tool is not None:
            self._tool.move(event)
        else:
            self._hover(self.to_scene(event.position()))

    def _hover(self, at: QPointF) -> None:
        scene = self.graph_scene
        on_port = scene.port_near(at) is not None
        on_wire = None if on_port or scene.node_at(at) else scene.wire_at(at)
        scene.hover(on_wire)
        self._show_cursor(Qt.CursorShape.CrossCursor if on_port else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        tool, self._tool = self._tool, None
        if tool is not None:
            tool.finish(event)
            self._show_cursor(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self.to_scene(event.position())
        item = self.graph_scene.node_at(at)
        gate = self.graph_scene.gates.at(at)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not is_left or self._space_held or self._is_new_to_mouse:
            self.mousePressEvent(event)
        elif gate is not None:
            self.groups.reveal(gate.id)
        elif item is None and (annotation := self.graph_scene.annotations.at(at)) is not None:
            self._open_annotation(annotation.id)
        elif item is None and self._is_empty(at):
            self.offers.anywhere(event.position())
        elif item is None:
            if not self.commands.wires.bend_or_straighten(at):
                self.mousePressEvent(event)
        elif is_on_title(item, at, self.scale_factor):
            self.rename(item.id)
        elif item.id in self.graph_scene.graph.groups:
            self.groups.enter(item.id)
        else:
            self.node_activated.emit(item.id)

    def _open_annotation(self, id: str) -> None:
        if id in self.graph_scene.graph.notes:
            self.annotator.edit(id)
        else:
            self.rename(id)

    def _is_empty(self, at: QPointF) -> bool:
        scene = self.graph_scene
        return not (scene.node_at(at) or scene.port_near(at) or scene.wire_at(at))

    @property
    def is_in_gesture(self) -> bool:
        """Whether the mouse is at work on the canvas, from a press to its release."""
        return self._tool is not None

    def cancel_tool(self) -> bool:
        """Leave the gesture that is going on, if any; whether there was one."""
        tool, self._tool = self._tool, None
        if tool is None:
            return False
        tool.cancel()
        self._show_cursor(None)
        return True

    def _show_cursor(self, shape: Qt.CursorShape | QCursor | None) -> None:
        if shape is None and self._space_held:
            shape = Qt.CursorShape.OpenHandCursor
        if shape is None:
            self.viewport().unsetCursor()
        else:
            self.viewport().setCursor(shape)

    def show_note(self, text: str, at: QPoint | None = None) -> None:
        """Say something next to the pointer; "" takes it away."""
        self._note.say(text, at)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space_held = True
                self._show_cursor(None)
        elif event.key() == Qt.Key.Key_Escape:
            if not self.cancel_tool():
                self.graph_scene.select(())
                self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802 - Qt's name for it
        """Tab is a key of the canvas; Shift+Tab goes on to what is before it."""
        return False if is_next else super().focusNextPrevChild(is_next)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            if self._tool is None:
                self._show_cursor(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_held = False
        super().focusOutEvent(event)

    # Drops, menus and what is painted behind

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = self.to_scene(QPointF(event.pos()))
        self.context_menu_requested.emit(self._select_for_menu(at), event.globalPos())

    def _select_for_menu(self, at: QPointF) -> str:
        """Select what is under the pointer unless it is already; what kind of thing that is."""
        scene = self.graph_scene
        item = scene.node_at(at) or scene.annotations.at(at)
        if item is None and (bend := scene.bend_at(at)) is not None:
            scene.choose_bend(bend[0].target, bend[1])
            return "bend"
        wire = None if item else scene.wire_at(at)
        if item is not None and not item.isSelected():
            scene.select([item.id])
        if wire is not None:
            if not wire.is_chosen:
                scene.select((), [wire.target])
            return "wire"
        if item is None:
            return "empty"
        if len(scene.selected()) > 1:
            return "several"
        if item.id in scene.graph.groups:
            return "group"
        return "node" if item.id in scene.graph.nodes else "annotation"

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drops.hover(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drops.hover(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drops.drop(event)

    def hideEvent(self, event: QHideEvent) -> None:
        # What lies before the canvas may take the first click of two and be gone for the second.
        self._is_new_to_mouse = True
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.place()
        self.find_bar.place()
        self.minimap.follow()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_grid(painter, QRectF(rect), self.scale_factor)
