"""A panel's content that scrolls up and down when it does not fit."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from explorer.app import theme


class OverflowArea(QScrollArea):
    """Gives its content all the room there is, and scrolls where that is too little.

    However large the content, it can be made small: what stands beside it never has to move.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        _frame(self, content)


class ScrollPage(QScrollArea):
    """Put widgets into `column`. `name` is for those who listen.

    Its scroll bar is always there: what is as high as it is wide would otherwise make the bar
    come and go without end.
    """

    def __init__(self, name: str = "", spacing: int = theme.SPACING) -> None:
        super().__init__()
        self.setAccessibleName(name)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        margin = theme.MARGIN
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(spacing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        _frame(self, inner)


def _frame(area: QScrollArea, content: QWidget) -> None:
    """Let content fill an area that has neither a border nor a ground of its own."""
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
