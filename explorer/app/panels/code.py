"""The code panel: the very program that training executes, the current call's line marked."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.app import theme
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.code_view import CodeView
from explorer.app.panels.notice import EmptyState, Notice, as_sentence
from explorer.graph import FileError, Problem
from explorer.graph.file import write_atomically
from explorer.program import Call, Program


class CodePanel(QWidget):
    """Shows a program's source; `call_chosen` tells the index of a call that was double-clicked."""

    call_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._program: Program | None = None
        self._make_widgets()
        self._lay_out()
        self.show_program(None, [])

    def show_program(self, program: Program | None, problems: list[Problem]) -> None:
        """Show another program, or say what keeps the net from being one."""
        self._stack.setCurrentIndex(1 if program else 0)
        if program is None:
            self._program = None
            self._nothing.say(_why_none(problems))
        elif self._program is None or program.source != self._program.source:
            self._program = program
            self._view.show_code(program.source)
            self._notice.tell("info", "")
            lines = program.source.count("\n")
            self._size.setText(f"{len(program.calls)} calls · {lines} lines of Python")
        else:
            self._program = program

    def mark_call(self, call: Call | None) -> None:
        """Mark the lines of the call that ran last."""
        lines = range(call.line, call.last_line + 1) if call else range(0)
        self._view.mark_lines(lines, call.phase if call else "")

    @property
    def marked_line(self) -> int | None:
        """The first line that is marked, from 1."""
        return self._view.marked_line

    @property
    def text(self) -> str:
        """The code shown."""
        return self._view.toPlainText()

    def save(self, path: Path) -> None:
        """Write the page to a file."""
        if self._program is None:
            return
        try:
            write_atomically(path, self._program.source.encode())
        except FileError as error:
            self._notice.tell("error", str(error))
        else:
            self._notice.tell("done", f"Saved as {path.name}")

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What each command of this panel does, by its name."""
        return {"copy_code": self._copy.click, "save_code": self._save.click}

    def _make_widgets(self) -> None:
        self._view = CodeView()
        self._view.setAccessibleName("The program that runs")
        self._view.setToolTip("Double-click a call to run to right after it")
        self._view.line_chosen.connect(self._on_line)
        self._size = QLabel()
        self._size.setProperty("role", "soft")
        self._size.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._copy = IconButton("copy", "Copy", "Copy the whole page", "copy_code")
        self._save = IconButton("save", "Save", "Save the page as a Python file", "save_code")
        self._copy.clicked.connect(self._copy_all)
        self._save.clicked.connect(self._ask_where_to_save)
        self._notice = Notice()
        self._nothing = EmptyState("code")
        self.setFocusProxy(self._view)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(theme.MARGIN, 4, theme.MARGIN, 0)
        tools.setSpacing(4)
        tools.addWidget(self._size, 1)
        tools.addWidget(self._copy)
        tools.addWidget(self._save)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(tools)
        column.addWidget(self._notice)
        column.addWidget(self._view, 1)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(page)

    @Slot(int)
    def _on_line(self, line: int) -> None:
        calls = self._program.calls if self._program else ()
        found = next((call for call in calls if call.line - 1 <= line <= call.last_line), None)
        if found is not None:
            self.call_chosen.emit(found.index)

    @Slot()
    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self._notice.tell("done", "Copied")

    @Slot()
    def _ask_where_to_save(self) -> None:
        start = f"{self._program.name}.py" if self._program else "program.py"
        name, _ = QFileDialog.getSaveFileName(self, "Save the program", start, "Python (*.py)")
        if name:
            self.save(Path(name))


def _why_none(problems: list[Problem]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        return "The program appears here as soon as there is a net"
    return f"No program yet. {as_sentence(str(errors[0]))}"
