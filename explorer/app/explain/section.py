"""A part of a page: a small heading and what stands below it, which come and go together."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.rich_text import heading


class Section(QWidget):
    """Widgets below a heading."""

    def __init__(self, title: str, *widgets: QWidget) -> None:
        super().__init__()
        self._heading = heading(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        for widget in (self._heading, *widgets):
            column.addWidget(widget)

    def name(self, title: str) -> None:
        """Give it another heading."""
        self._heading.setText(title)
