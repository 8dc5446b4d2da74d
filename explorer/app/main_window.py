"""The window: puts the parts together, and holds no logic of its own."""

from PySide6.QtCore import QSettings, Qt, Slot
from PySide6.QtGui import QAction, QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QMainWindow, QWidget

from explorer.app import keys, window_layout
from explorer.app.canvas.breakpoint_marks import BreakpointMarks
from explorer.app.canvas.edit_marks import EditMarks
from explorer.app.canvas.heat.show import HeatShow
from explorer.app.canvas.palette import Palette
from explorer.app.canvas.pictures import PictureShow
from explorer.app.canvas.scene import GraphScene
from explorer.app.canvas.verdicts import Verdicts
from explorer.app.canvas.view import GraphView
from explorer.app.command import CANVAS
from explorer.app.commands import Commands
from explorer.app.controller import Controller
from explorer.app.document import Document
from explorer.app.explain.panel import ExplainPanel
from explorer.app.file_drop import FileDrop
from explorer.app.files import Files
from explorer.app.idle_keys import IdleKeys
from explorer.app.menus import fill_menu_bar, fill_tool_bar
from explorer.app.messages import StepperMoved
from explorer.app.over_time.panel import OverTimePanel
from explorer.app.panel_focus import PanelFocus
from explorer.app.panels.breakpoints import BreakpointsPanel
from explorer.app.panels.code import CodePanel
from explorer.app.panels.inspector import InspectorPanel
from explorer.app.panels.notice import as_sentence
from explorer.app.panels.plots import PlotsPanel
from explorer.app.panels.problems import ProblemsPanel
from explorer.app.panels.stepper import StepperPanel
from explorer.app.panels.totals_label import TotalsLabel
from explorer.app.panels.training import FACES, TrainingPanel
from explorer.app.panels.values import ValuesPanel
from explorer.app.panels.verify import VerifyPanel
from explorer.app.qactions import Actions
from explorer.app.start_page import Middle
from explorer.app.step_trace import trace
from explorer.app.tensors.client import TensorClient
from explorer.app.tensors.tensors_panel import TensorsPanel
from explorer.app.toast import Toast
from explorer.app.watching.panel import WatchPanel
from explorer.app.watching.watches import Watches, WatchKeeper
from explorer.app.wiring import connect_parts
from explorer.graph import Graph, Problem
from explorer.graph.grouping import nodes_of
from explorer.program import Program
from explorer.training import Started, StateChanged

LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
_ROOMY = 1340
"""From how wide a window the tool bar's words fit, in points."""
_TITLE_BUTTONS = {
    "qt_dockwidget_closebutton": "Close; View, Panels shows it again",
    "qt_dockwidget_floatbutton": "Take it out of the window, or back",
}
_NARROWEST = {
    "Layers": 150,
    "Inspector": 280,
    "Training": 280,
    "Values": 280,
    "Explain": 280,
    "Code": 238,
}
"""Below these widths, in points, panels would show halves of words."""


class MainWindow(QMainWindow):
    """Canvas in the middle; palette, inspector, training, values, curves, steps, code around it."""

    def __init__(self, settings: QSettings):
        super().__init__()
        self._shows_step = False
        self.settings = settings
        self.document = Document(self)
        keys.restore(settings)
        self.actions_by_name = Actions(self)
        self.theme_choices: dict[str, QAction] = {}
        self.panel_focus = PanelFocus(self)
        self.files = Files(self.document, settings, self)
        self.controller = Controller(self.document, self)
        self._make_parts()
        self._place_docks()
        own = {
            "": self,
            CANVAS: self.view,
            "Curves": self.plots,
            "Over time": self.over_time,
            "Tensors": self.tensors,
        }
        for where, part in own.items():
            self.actions_by_name.lend(where, part)
        fill_menu_bar(self)
        self._tool_bar = fill_tool_bar(self)
        self._fill_status_bar()
        self.commands = Commands(self)
        self._idle_keys = IdleKeys(self)
        connect_parts(self)
        self.file_drop = FileDrop(self)
        self.show_graph(self.document.graph)
        self.show_document()
        self._restore()

    def _make_parts(self) -> None:
        self.scene = GraphScene(self.document.graph)
        self.view = GraphView(self.scene)
        self.middle = Middle(self)
        self.pictures = PictureShow(self.scene, self)
        self.heat = HeatShow(self.view)
        self.toast = Toast(self.middle, self.view.in_corners)
        self.palette_panel = Palette()
        self.inspector = InspectorPanel()
        self.training = TrainingPanel()
        self.tensor_client = TensorClient(self)
        self.values = ValuesPanel(self.tensor_client)
        self.explain = ExplainPanel()
        self.tensors = TensorsPanel(self.tensor_client, self.controller.edits)
        self.plots = PlotsPanel()
        self.over_time = OverTimePanel()
        self.stepper = StepperPanel(self.controller.breakpoints, self.controller.edits)
        self.breakpoints = BreakpointsPanel(self.controller.breakpoints)
        self.breakpoint_marks = BreakpointMarks(self.scene, self.controller.breakpoints)
        self.edit_marks = EditMarks(self.scene, self.controller.edits)
        self.problems = ProblemsPanel()
        self.verify = VerifyPanel()
        self.verdicts = Verdicts(self.scene)
        self.code = CodePanel(self.controller.breakpoints)
        self.watches = Watches(self)
        self.watch = WatchPanel(self.watches)
        WatchKeeper(self.watches, self.document, self.settings)

    def _place_docks(self) -> None:
        self.setCentralWidget(self.middle)
        self.setCorner(Qt.Corner.BottomRightCorner, RIGHT)
        self.setCorner(Qt.Corner.BottomLeftCorner, LEFT)
        self.docks: dict[str, QDockWidget] = {}
        self._dock("Layers", self.palette_panel, LEFT)
        self._dock("Inspector", self.inspector, RIGHT)
        self._dock("Training", self.training, RIGHT)
        self._dock("Values", self.values, RIGHT)
        self._dock("Explain", self.explain, RIGHT)
        self.docks["Explain"].visibilityChanged.connect(self.explain.look)
        self._dock("Curves", self.plots, BOTTOM)
        self._dock("Code", self.code, BOTTOM)
        # Qt splits only what is not tabbed yet.
        self.splitDockWidget(self.docks["Curves"], self.docks["Code"], Qt.Orientation.Horizontal)
        self._dock("Over time", self.over_time, BOTTOM)
        self.docks["Over time"].visibilityChanged.connect(self.over_time.look)
        self._dock("Steps", self.stepper, BOTTOM)
        self._dock("Tensors", self.tensors, BOTTOM)
        self.docks["Tensors"].visibilityChanged.connect(self.tensors.look)
        self._dock("Breakpoints", self.breakpoints, BOTTOM)
        self._dock("Problems", self.problems, BOTTOM)
        self._dock("Verify", self.verify, BOTTOM)
        self._dock("Watch", self.watch, BOTTOM)
        self.docks["Watch"].visibilityChanged.connect(self.watch.look)
        self._tabs("Inspector", "Training", "Values", "Explain")
        self.docks["Training"].raise_()
        self._tabs("Curves", "Over time", "Steps", "Tensors")
        self._tabs("Code", "Problems", "Verify", "Breakpoints", "Watch")

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> None:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(widget)
        # What changes in it is painted without the window and the dock below it.
        widget.setAutoFillBackground(True)
        for button, tip in _TITLE_BUTTONS.items():
            if found := dock.findChild(QAbstractButton, button):
                found.setToolTip(tip)
        dock.setMinimumWidth(_NARROWEST.get(title, 0))
        self.addDockWidget(area, dock)
        self.docks[title] = dock

    def _tabs(self, first: str, *others: str) -> None:
        for other in others:
            self.tabifyDockWidget(self.docks[first], self.docks[other])
        self.docks[first].raise_()

    def _fill_status_bar(self) -> None:
        self.net_label = TotalsLabel(self.document.graph)
        # All of the bar is its: with just what it says it stood cut until the next event.
        self.statusBar().addPermanentWidget(self.net_label, 1)

    def raise_panel(self, title: str) -> None:
        """Bring a panel to the front; one that was closed stays closed."""
        dock = self.docks[title]
        if dock.isHidden():
            return
        dock.raise_()
        focused = QApplication.focusWidget()
        if focused and any(other.isAncestorOf(focused) for other in self.tabifiedDockWidgets(dock)):
            # It is covered now: keys would change what nobody sees.
            self.view.setFocus()

    # What the parts tell

    @Slot()
    def show_document(self) -> None:
        """The document changed: its title, settings, size."""
        graph = self.document.graph
        self.setWindowTitle(f"{self.document.title}[*] · Backprop Explorer")
        self.setWindowModified(self.document.has_unsaved_changes)
        self.training.show_settings(graph.training)
        self.breakpoints.show_graph(graph)
        self.net_label.show_graph(graph)
        self.refresh_commands()

    @Slot()
    def refresh_commands(self) -> None:
        self.commands.refresh()

    @Slot(list)
    def show_selection(self, nodes: list[str]) -> None:
        self.inspector.show_nodes(nodes)
        self.net_label.show_selection(nodes)
        self.code.mark_nodes(nodes)
        self.over_time.show_selection(nodes_of(self.document.graph, nodes))
        if nodes and not self.controller.is_stepping:
            self.raise_panel("Inspector")
        self.refresh_commands()

    @Slot(object)
    def show_graph(self, graph: Graph) -> None:
        """Another graph was opened."""
        self.view.set_graph(graph)
        self.inspector.set_graph(graph)
        self.plots.clear()
        self.over_time.clear()
        self.heat.clear()
        self.pictures.clear()
        self.training.clear()

    @Slot(object, list)
    def show_program(self, program: Program | None, problems: list[Problem]) -> None:
        self.code.show_program(self.document.graph, program, problems)
        calls = self.controller.calls
        self.stepper.show_calls(calls)
        self.problems.show_problems(problems)
        self.verify.show_program(program)
        self.watch.show_program(program, calls)
        self.inspector.show_problems(problems)
        self.docks["Problems"].setWindowTitle(
            f"Problems ({len(problems)})" if problems else "Problems"
        )

    @Slot(object)
    def show_started(self, started: Started) -> None:
        """A run begins, or goes on: the curves of the one before go when it begins anew."""
        self.middle.show_canvas()
        self.plots.start(started)
        self.raise_panel("Training")
        if not self.over_time.is_seen:
            self.raise_panel("Curves")

    @Slot(object)
    def show_step(self, moved: StepperMoved) -> None:
        program = self.controller.program
        if program is None or moved.position > len(self.controller.calls):
            return
        if not moved.stopped:
            self.toast.give_way()
        self.view.show_step(trace(self.document.graph, program, moved))
        self.stepper.show_position(moved)
        self.over_time.show_step(moved)
        self.values.show_call(moved.call, moved.tensors, moved.part, moved.edits)
        self.watch.show_step(moved)
        self.explain.show_step(moved)
        self.code.mark_call(moved.call if moved.call and moved.call.line else None)
        self.code.stand_at(moved.batch)
        if not self._shows_step:
            self._shows_step = True
            self.middle.show_canvas()
            if self.explain.visibleRegion().isEmpty():
                self.raise_panel("Values")
            if not self.over_time.is_seen:
                self.raise_panel("Steps")
        self.refresh_commands()

    @Slot()
    def end_stepping(self) -> None:
        self._shows_step = False
        self.view.show_step(None)
        self.stepper.end()
        self.over_time.show_step(None)
        self.values.show_call(None, ())
        self.watch.end_stepping()
        self.explain.end()
        self.code.mark_call(None)
        self.code.stand_at(None)
        self.refresh_commands()

    @Slot(object)
    def show_state(self, changed: StateChanged) -> None:
        self.training.show_state(changed)
        self.watch.show_state(changed)
        if changed.state == "ready" and changed.step == 0:
            self.plots.clear()
            self.over_time.clear()
            self.heat.clear()
            self.pictures.clear()
        action = self.actions_by_name["train"]
        action.setText(FACES[changed.state].words)
        self.actions_by_name.show_icon("train", "pause" if changed.state == "running" else "play")
        self._tell_state(changed)
        self.refresh_commands()

    def _tell_state(self, changed: StateChanged) -> None:
        if changed.state == "paused" and changed.message:
            self.toast.tell(f"Stopped: {changed.message}")
        if changed.state in ("failed", "diverged"):
            self.toast.tell(as_sentence(changed.message), refused=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        roomy = event.size().width() >= _ROOMY
        self._tool_bar.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if roomy else style.ToolButtonIconOnly
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """End training, then go; unless there are changes that the person wants to keep."""
        if not self.files.may_leave():
            event.ignore()
            return
        window_layout.keep(self)
        self.hide()
        self.controller.close()
        event.accept()

    def _restore(self) -> None:
        window_layout.restore(self)
        shows = self.settings.value("live_pictures", True, bool)
        self.actions_by_name["live_pictures"].setChecked(bool(shows))
