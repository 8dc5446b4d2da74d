"""The problems panel: what is wrong with the net and how to mend it; each leads to its node."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedLayout, QWidget

from explorer.app import theme
from explorer.app.icons import icon
from explorer.app.panels.notice import EmptyState, as_sentence
from explorer.graph import Problem

_PROBLEM = Qt.ItemDataRole.UserRole


class ProblemsPanel(QWidget):
    """Lists problems; `node_chosen` tells which node a person wants to see."""

    node_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._problems: list[Problem] = []
        self._list = QListWidget()
        self._list.setWordWrap(True)
        self._list.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        self._list.setAccessibleName("Problems")
        self._list.itemClicked.connect(self._choose)
        self._list.itemActivated.connect(self._choose)
        self._nothing = EmptyState("done", "No problems: this net can train")
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._list)
        self.setFocusProxy(self._list)
        theme.changed.connect(self._fill)

    def show_problems(self, problems: list[Problem]) -> None:
        """List these, in this order."""
        if problems != self._problems:
            self._problems = list(problems)
            self._fill()

    @property
    def sentences(self) -> list[str]:
        """What the rows say."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    @Slot()
    def _fill(self) -> None:
        colours = theme.current()
        self._list.clear()
        for problem in self._problems:
            item = QListWidgetItem(f"{as_sentence(problem.message)}\n{as_sentence(problem.hint)}")
            item.setIcon(icon(problem.severity, getattr(colours, problem.severity)))
            item.setData(_PROBLEM, problem.node)
            item.setToolTip("Click to show the node" if problem.node else str(problem))
            self._list.addItem(item)
        self._stack.setCurrentIndex(1 if self._problems else 0)

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        if node := item.data(_PROBLEM):
            self.node_chosen.emit(node)
