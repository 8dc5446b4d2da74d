"""A page of Python: numbered lines, colours, and marks on lines."""

from pygments import lex
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Number, Operator, String, Token
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from explorer.app import theme

_GAP = 8
_KEYS_OF_TEXT = (Qt.Key.Key_Home, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class CodeView(QPlainTextEdit):
    """Read-only code; `line_chosen` tells the line, from 1, that was double-clicked."""

    line_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._marked: tuple[range, str] = range(0), ""
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(theme.code_font())
        self._numbers = _LineNumbers(self)
        self._highlighter = _Highlighter(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_numbers)
        theme.notifier.changed.connect(self._retint)
        self._make_room()

    def show_code(self, text: str) -> None:
        """Show another page; nothing is marked on it."""
        self._marked = range(0), ""
        self._highlighter.read(text)
        self.setPlainText(text)
        self._show_mark()

    def mark_lines(self, lines: range, colour: str = "") -> None:
        """Mark some lines, from 1, in a colour of the theme, and bring them into view."""
        self._marked = lines, colour
        self._show_mark()

    @property
    def marked_line(self) -> int | None:
        return next(iter(self._marked[0]), None)

    @property
    def numbers_width(self) -> int:
        digits = len(str(max(self.blockCount(), 1)))
        return 2 * _GAP + self.fontMetrics().horizontalAdvance("9") * digits

    def _show_mark(self) -> None:
        lines, name = self._marked
        cursors = [QTextCursor(self.document().findBlockByLineNumber(n - 1)) for n in lines]
        self.setExtraSelections([_full_width(cursor, name) for cursor in cursors])
        for cursor in reversed(cursors):
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        self._numbers.update()

    def event(self, event: QEvent) -> bool:
        """Keys that mean the text where the focus is here do not reach the canvas."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            selects_all = event.matches(QKeySequence.StandardKey.SelectAll)
            if selects_all or event.key() in _KEYS_OF_TEXT:
                event.accept()
                return True
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.line_chosen.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        box = self.contentsRect()
        self._numbers.setGeometry(box.left(), box.top(), self.numbers_width, box.height())

    @Slot()
    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width, 0, 0, 0)

    @Slot(QRect, int)
    def _scroll_numbers(self, box: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, box.y(), self._numbers.width(), box.height())

    @Slot()
    def _retint(self) -> None:
        self._highlighter.rehighlight()
        self._show_mark()

    def paint_numbers(self, painter: QPainter) -> None:
        """The lines' numbers beside those in view, with a pointer at the marked one."""
        colours = theme.current()
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        height = self.fontMetrics().height()
        while block.isValid():
            top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
            if top > self.height():
                break
            number = block.blockNumber() + 1
            is_marked = number == self.marked_line
            painter.setPen(QColor(colours.text if is_marked else colours.text_soft))
            box = QRect(0, int(top), self.numbers_width - _GAP, height)
            words = "▶" if is_marked else str(number)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, words)
            block = block.next()


def _full_width(cursor: QTextCursor, colour: str) -> QTextEdit.ExtraSelection:
    """A cursor's line on a ground of the theme's colour of that name."""
    colours = theme.current()
    look = QTextCharFormat()
    look.setBackground(QColor(theme.mix(colours.field, getattr(colours, colour), 0.25)))
    look.setProperty(QTextFormat.Property.FullWidthSelection, True)
    mark = QTextEdit.ExtraSelection()
    mark.cursor, mark.format = cursor, look  # type: ignore[attr-defined]
    return mark


class _LineNumbers(QWidget):
    def __init__(self, view: CodeView):
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(self._view.numbers_width, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._view.paint_numbers(painter)
        painter.end()


class _Highlighter(QSyntaxHighlighter):
    """Colours by what Pygments makes of the whole page, so that docstrings may span lines."""

    def __init__(self, view: CodeView):
        super().__init__(view.document())
        self._lines: list[list[tuple[int, int, str]]] = []

    def read(self, text: str) -> None:
        """Find the pieces of each line: where each starts, how long it is, its colour's name."""
        self._lines = [[]]
        column = 0
        for kind, piece in lex(text, PythonLexer(stripnl=False)):
            name = _colour_name(kind)
            for number, part in enumerate(piece.split("\n")):
                if number:
                    self._lines.append([])
                    column = 0
                if part and name:
                    self._lines[-1].append((column, len(part), name))
                column += len(part)

    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        for start, length, name in self._lines[number] if number < len(self._lines) else ():
            look = QTextCharFormat()
            look.setForeground(QColor(getattr(theme.current(), name)))
            self.setFormat(start, length, look)


def _colour_name(kind: Token) -> str:  # type: ignore[valid-type]
    if kind in Keyword or kind in Operator.Word:
        return "code_keyword"
    if kind in String:
        return "code_string"
    if kind in Number:
        return "code_number"
    return "code_comment" if kind in Comment else ""
