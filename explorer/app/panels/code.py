"""The code panel: the net in four ways, of which one is the very program that training executes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from explorer.app import theme
from explorer.app.breakpoints import Breakpoints
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.code_message import CodeMessage
from explorer.app.panels.code_pages import CodePages
from explorer.app.panels.code_stops import Stop, marks_at, stops_of
from explorer.app.panels.code_view import CodeView
from explorer.app.panels.notice import Notice, as_sentence
from explorer.app.panels.recorded import RecordedTable
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.exchange.page import TITLES, CannotExpress, Page, Way
from explorer.exchange.recording import Recorded
from explorer.graph import FileError, Graph, Problem
from explorer.graph.file import write_atomically
from explorer.program import Call, Program
from explorer.program.program import Phase

_WAYS: tuple[Way, ...] = tuple(TITLES)
_TIPS: dict[Way, str] = {
    "naive": "Every gradient of this one net written out, as by hand",
    "program": "The program that runs: a forward and a backward call for each node",
    "autograd": "torch's operations forward, and .backward() for all the way back",
    "module": "An nn.Module, a criterion and a loop",
}
_REST_MS = 150
"""How long the net must rest before its page is written anew."""


class CodePanel(QWidget):
    """Shows the net as a page of Python, its lines linked to its nodes.

    Signals:
        call_chosen(int): the index of a call of the program that was double-clicked.
        node_chosen(str): a node one of whose lines, or values, was clicked.
        run_requested(str, str): run to a node's call in a phase: its line was double-clicked.
        recording_requested: the autograd page is to be run on the batch at hand.
        page_wanted: a page is about to be written, of what is drawn by now.
    """

    call_chosen = Signal(int)
    node_chosen = Signal(str)
    run_requested = Signal(str, str)
    recording_requested = Signal()
    page_wanted = Signal()

    def __init__(self, breakpoints: Breakpoints, parent: QWidget | None = None):
        super().__init__(parent)
        self._breakpoints = breakpoints
        self._stops: dict[int, Stop] = {}
        self._pages = CodePages()
        self._page: Page | None = None
        self._call: Call | None = None
        self._nodes: Sequence[str] = ()
        self._batch: int | None = None
        self._recorded: int | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._write)
        self._make_widgets()
        self._lay_out()
        breakpoints.changed.connect(self._show_breakpoints)
        self.show_program(None, None, [])

    def show_program(
        self, graph: Graph | None, program: Program | None, problems: list[Problem]
    ) -> None:
        """Show another net, or say what keeps it from being a program."""
        is_other = self._pages.show(graph, program)
        if program is None:
            self._page = None
            self._say(_why_none(problems))
        elif is_other:
            self._notice.tell("info", "")
            self._table.mark_stale()
            self._recorded = None
            self._page = None
            # Whoever edits is not held up by pages that take longer than the program's own.
            self._write() if self.way == "program" else self._rest.start()

    def mark_call(self, call: Call | None) -> None:
        """Mark the lines of the call that ran last."""
        self._call = call
        self._show_call()

    def mark_nodes(self, nodes: Sequence[str]) -> None:
        """Mark the lines of the nodes that are selected."""
        self._nodes = nodes
        self._show_nodes()

    def stand_at(self, batch: int | None) -> None:
        """The stepper stands at that batch; None when stepping has ended."""
        self._batch = batch
        self._record_this_batch()

    def show_recorded(self, values: Sequence[Recorded], batch: int) -> None:
        """Show what autograd recorded on a batch, counted from 0."""
        self._recorded = batch
        self._table.show_values(values, batch)
        self._table.mark_nodes(self._nodes)

    def write_now(self) -> Page | None:
        """The page of the tab in front, even if the net changed just now; None for no page."""
        if self._rest.isActive():
            self._rest.stop()
            self._write()
        return self._page

    @property
    def way(self) -> Way:
        """The way of the tab in front."""
        return _WAYS[self._tabs.currentIndex()]

    @property
    def marked_line(self) -> int | None:
        """The first line that is marked, from 1."""
        return self._view.marked_line

    @property
    def selected_lines(self) -> Sequence[int]:
        """The lines of the nodes that are selected."""
        return self._view.selected_lines

    @property
    def text(self) -> str:
        """The code shown."""
        return self._view.toPlainText()

    def save(self, path: Path) -> None:
        """Write the page to a file."""
        page = self.write_now()
        if page is None:
            return
        try:
            write_atomically(path, page.text.encode())
        except FileError as error:
            self._notice.tell("error", str(error))
        else:
            self._notice.tell("done", f"Saved as {path.name}")

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What each command of this panel does, by its name."""
        return {
            "copy_code": self._copy.click,
            "save_code": self._save.click,
            "next_way": self._turn_on,
            "record_autograd": self._record,
        }

    def _make_widgets(self) -> None:
        self._tabs = QTabBar()
        self._tabs.setAccessibleName("Ways to write the net")
        self._tabs.setExpanding(False)
        self._tabs.setUsesScrollButtons(False)
        self._tabs.setProperty("role", "compact")
        for number, way in enumerate(_WAYS):
            self._tabs.addTab(TITLES[way])
            self._tabs.setTabToolTip(number, _TIPS[way])
        self._tabs.setCurrentIndex(_WAYS.index("program"))
        self._tabs.currentChanged.connect(self._write)
        self._view = CodeView()
        self._view.setToolTip(
            "Click a line to select its node; double-click a call to run to right after it"
        )
        self._view.line_clicked.connect(self._on_click)
        self._view.line_chosen.connect(self._on_line)
        self._view.gutter.clicked.connect(self._toggle_at)
        self._size = QLabel()
        self._size.setProperty("role", "soft")
        self._size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        run = "Run this page on the batch at hand, and list what autograd records"
        self._run = IconButton("play", "Run autograd", run, "record_autograd", "Run")
        self._copy = IconButton("copy", "Copy", "Copy the whole page", "copy_code")
        self._save = IconButton("save", "Save", "Save the page as a Python file", "save_code")
        self._run.clicked.connect(self._record)
        self._copy.clicked.connect(self._copy_all)
        self._save.clicked.connect(self._ask_where_to_save)
        self._table = RecordedTable()
        self._table.node_chosen.connect(self.node_chosen)
        self._notice = Notice()
        self._message = CodeMessage()
        self._message.pressed.connect(self._do_instead)
        self.setFocusProxy(self._view)

    def _lay_out(self) -> None:
        tools = WrappingRow(spacing=4)
        tools.setContentsMargins(theme.SPACING, 0, theme.SPACING, 0)
        tools.addWidget(self._tabs)
        tools.addWidget(self._at_the_end())
        page = QSplitter(Qt.Orientation.Vertical)
        page.setChildrenCollapsible(False)
        page.addWidget(self._view)
        page.addWidget(self._table)
        page.setSizes([300, 200])
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._message)
        self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(tools)
        column.addWidget(self._notice)
        column.addWidget(stack, 1)

    def _at_the_end(self) -> QWidget:
        """What goes on below the tabs together where they leave no room."""
        end = QWidget()
        end.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(end)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._size, 1)
        for button in (self._run, self._copy, self._save):
            row.addWidget(button)
        return end

    # The page of the tab in front

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rest.start(0)

    @Slot()
    def _write(self) -> None:
        """Show the page of the tab in front; it is written now if it was not before."""
        self._table.setVisible(self.way == "autograd")
        self._run.setVisible(self.way == "autograd")
        if self.way != "program":
            self.page_wanted.emit()
        if self._pages.program is None or not (self.isVisible() or self.way == "program"):
            return
        if self._pages.is_large(self.way):
            calls = f"{len(self._pages.program.calls):,}"
            self._say(f"With {calls} calls this page takes a while to write", "Write it")
            return
        found = self._pages.page(self.way)
        if isinstance(found, CannotExpress):
            self._page = None
            self._say(str(found), f"Show {found.node}" if found.node else "")
        elif found is not self._page:
            self._show(found)

    def _show(self, page: Page) -> None:
        self._page = page
        self._stack.setCurrentIndex(1)
        self._view.show_code(page.text)
        self._view.setAccessibleName(f"The net written in the way of {page.title}")
        self._size.setText(f"{page.text.count(chr(10))} lines")
        for button in (self._copy, self._save, self._run):
            button.allow(True)
        self._find_stops(page)
        self._show_call()
        self._show_nodes()
        self._record_this_batch()

    def _say(self, sentence: str, instead: str = "") -> None:
        """Show a sentence in the page's place, with a button for what can be done instead."""
        self._stack.setCurrentIndex(0)
        self._message.say(sentence, instead)
        self._size.setText("")
        for button in (self._copy, self._save, self._run):
            button.allow(False, "There is no page")

    @Slot()
    def _do_instead(self) -> None:
        if self._pages.is_large(self.way):
            self._pages.want(self.way)
            self._write()
            return
        found = self._pages.page(self.way)
        if isinstance(found, CannotExpress) and found.node:
            self.node_chosen.emit(found.node)

    @Slot()
    def _turn_on(self) -> None:
        self._tabs.setCurrentIndex((self._tabs.currentIndex() + 1) % len(_WAYS))

    # Lines and nodes

    def _show_call(self) -> None:
        call, page = self._call, self._page
        if page is None or call is None:
            self._view.mark_lines(())
        elif page.way == "program":
            self._view.mark_lines(range(call.line, call.last_line + 1), call.phase)
        else:
            self._view.mark_lines(page.lines_of(call.node, call.phase), call.phase)

    def _show_nodes(self) -> None:
        page, nodes = self._page, self._nodes
        lines = {n for node in nodes for n in page.lines_of(node)} if page else set()
        # What a node computes tells more of it than how its weights start.
        best = [n for node in nodes for n in page.lines_of(node, "forward")] if page else []
        self._view.mark_selected(sorted(lines), best)
        self._table.mark_nodes(nodes)

    @Slot(int)
    def _on_click(self, line: int) -> None:
        nodes = self._page.nodes_at(line) if self._page else ()
        if nodes:
            self.node_chosen.emit(nodes[0])

    @Slot(int)
    def _on_line(self, line: int) -> None:
        if self._page is None:
            return
        if self._page.way == "program":
            calls = self._pages.program.calls if self._pages.program else ()
            found = next((call for call in calls if call.line - 1 <= line <= call.last_line), None)
            if found is not None:
                self.call_chosen.emit(found.index)
        elif span := self._page.call_at(line):
            phase: Phase | None = span.phase
            self.run_requested.emit(span.node, phase)

    # Breakpoints

    def toggle_breakpoint(self) -> bool:
        """Set or take away that of the line one stands in, if the code has the keyboard."""
        if not self._view.hasFocus():
            return False
        if self._view.line in self._stops:
            self._toggle_at(self._view.line)
        else:
            self._notice.tell("info", "No call of a node is on this line: stand on one of those")
        return True

    def _find_stops(self, page: Page) -> None:
        program = self._pages.program
        assert program is not None, "a page is written of a program"
        self._stops = stops_of(page, program)
        self._show_breakpoints()

    @Slot()
    def _show_breakpoints(self) -> None:
        lines = {line: stop.line for line, stop in self._stops.items()}
        marks = marks_at(self._stops.values(), self._breakpoints)
        self._view.gutter.show_stops(lines, marks)

    @Slot(int)
    def _toggle_at(self, line: int) -> None:
        stop = self._stops[line]
        self._breakpoints.toggle_call(stop.node, stop.phase)

    # Autograd

    def _record_this_batch(self) -> None:
        """While one steps, what autograd records is that of the batch at hand."""
        if self._batch is not None and self._batch != self._recorded and self._page is not None:
            self._record()

    @Slot()
    def _record(self) -> None:
        if self.way == "autograd":
            self.recording_requested.emit()

    # The page as text

    @Slot()
    def _copy_all(self) -> None:
        if page := self.write_now():
            QGuiApplication.clipboard().setText(page.text)
            self._notice.tell("done", "Copied")

    @Slot()
    def _ask_where_to_save(self) -> None:
        page = self.write_now()
        start = f"{page.name}.py" if page else "program.py"
        name, _ = QFileDialog.getSaveFileName(self, "Save the program", start, "Python (*.py)")
        if name:
            self.save(Path(name))


def _why_none(problems: list[Problem]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        return "The program appears here as soon as there is a net"
    return f"No program yet. {as_sentence(str(errors[0]))}"
