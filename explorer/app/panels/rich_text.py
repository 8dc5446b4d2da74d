"""Words with tables in them, as pages of the inspector show them."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from explorer.app import theme
from explorer.app.panels.notice import wrapping_label


def rich_label() -> QLabel:
    """A label for HTML whose words can be selected and whose links can be followed."""
    label = wrapping_label()
    label.setTextFormat(Qt.TextFormat.RichText)
    flags = Qt.TextInteractionFlag
    label.setTextInteractionFlags(flags.TextSelectableByMouse | flags.LinksAccessibleByMouse)
    return label


def heading(text: str) -> QLabel:
    """The small, soft heading of a section."""
    label = wrapping_label()
    label.setText(text)
    label.setFont(theme.font(theme.SMALL_SIZE, bold=True))
    label.setProperty("role", "soft")
    label.setContentsMargins(0, theme.MARGIN, 0, 0)
    return label


def row(name: str, shape: str, remark: str, link: str = "") -> str:
    """A row of a table: a name, which may be a link, what it has, and a soft remark."""
    soft, gap = theme.current().text_soft, "&nbsp;&nbsp;"
    words = f"<b>{escape(name)}</b>"
    if link:
        words = f"<a href='{escape(link)}' style='text-decoration: none'>{words}</a>"
    return (
        f"<tr><td>{words}{gap}</td><td>{escape(shape)}{gap}</td>"
        f"<td style='color:{soft}'>{escape(remark)}</td></tr>"
    )


def table(rows: list[str]) -> str:
    """A table of such rows; nothing for none."""
    return f"<table cellspacing='0' cellpadding='2'>{''.join(rows)}</table>" if rows else ""
