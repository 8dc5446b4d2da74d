"""A page of Python: numbered lines, colours, and marks on lines."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pygments import lex
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Number, Operator, String, Token
from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from explorer.app import theme
from explorer.app.panels.code_gutter import Gutter

_GAP = 4
"""Between the margin and the text."""
_KEYS_OF_TEXT = (Qt.Key.Key_Home, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class CodeView(QPlainTextEdit):
    """Read-only code.

    Signals:
        line_clicked(int), line_chosen(int): a line, from 1, that was clicked, or double-clicked.
    """

    line_clicked = Signal(int)
    line_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._marked: tuple[Sequence[int], str] = (), ""
        self._selected: Sequence[int] = ()
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(theme.code_font())
        self.gutter = Gutter(self)
        self._highlighter = _Highlighter(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_numbers)
        theme.changed.connect(self._retint)
        self._make_room()

    def show_code(self, text: str) -> None:
        """Show another page; nothing is marked on it."""
        self._marked, self._selected = ((), ""), ()
        self._highlighter.read(text)
        self.setPlainText(text)
        self._show_marks()

    def mark_lines(self, lines: Sequence[int], colour: str = "") -> None:
        """Mark the lines that ran, from 1, in a colour of the theme, and bring them into view."""
        self._marked = lines, colour
        self._show_marks()
        self._bring_into_view(lines)

    def mark_selected(self, lines: Sequence[int], best: Sequence[int]) -> None:
        """Mark the lines of what is selected; where none can be seen, the first of the best is."""
        is_other, self._selected = lines != self._selected, lines
        self._show_marks()
        if is_other and not any(self._is_seen(line) for line in lines):
            self._bring_into_view(best[:1])

    @property
    def selected_lines(self) -> Sequence[int]:
        """The lines of what is selected, from 1."""
        return self._selected

    @property
    def marked_line(self) -> int | None:
        return next(iter(self._marked[0]), None)

    @property
    def line(self) -> int:
        """The line that the keyboard stands in, from 1."""
        return self.textCursor().blockNumber() + 1

    def _show_marks(self) -> None:
        """What ran lies on top of what is selected."""
        lines, name = self._marked
        selected = [_full_width(self._cursor(n), "accent", 0.12) for n in self._selected]
        ran = [_full_width(self._cursor(n), name, 0.25) for n in lines]
        self.setExtraSelections([*selected, *ran])
        self.gutter.update()

    def _cursor(self, line: int) -> QTextCursor:
        return QTextCursor(self.document().findBlockByLineNumber(line - 1))

    def _bring_into_view(self, lines: Sequence[int]) -> None:
        for line in reversed(lines):
            self.setTextCursor(self._cursor(line))
            self.ensureCursorVisible()

    def _is_seen(self, line: int) -> bool:
        first = self.firstVisibleBlock().blockNumber() + 1
        return first <= line < first + self.viewport().height() // self.fontMetrics().height()

    def event(self, event: QEvent) -> bool:
        """Keys that mean the text where the focus is here do not reach the canvas."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            selects_all = event.matches(QKeySequence.StandardKey.SelectAll)
            if selects_all or event.key() in _KEYS_OF_TEXT:
                event.accept()
                return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that selects no text is about the line."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.line_clicked.emit(self._line_at(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.line_chosen.emit(self._line_at(event))

    def _line_at(self, event: QMouseEvent) -> int:
        return self.cursorForPosition(event.position().toPoint()).blockNumber() + 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        was_seen = 0 <= self.cursorRect().top() < event.oldSize().height()
        super().resizeEvent(event)
        if was_seen:
            self.ensureCursorVisible()
        box = self.contentsRect()
        wide = self.gutter.sizeHint().width()
        self.gutter.setGeometry(box.left(), box.top(), wide, box.height())

    @Slot()
    def _make_room(self) -> None:
        self.setViewportMargins(self.gutter.sizeHint().width() + _GAP, 0, 0, 0)

    @Slot(QRect, int)
    def _scroll_numbers(self, box: QRect, by: int) -> None:
        if by:
            self.gutter.scroll(0, by)
        else:
            self.gutter.update(0, box.y(), self.gutter.width(), box.height())

    @Slot()
    def _retint(self) -> None:
        self._highlighter.rehighlight()
        self._show_marks()

    def blocks_in_view(self) -> Iterator[tuple[QTextBlock, float]]:
        """The lines that are seen, and how far down each of them begins."""
        block = self.firstVisibleBlock()
        while block.isValid():
            top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
            if top > self.height():
                return
            yield block, top
            block = block.next()


def _full_width(cursor: QTextCursor, colour: str, share: float) -> QTextEdit.ExtraSelection:
    """A cursor's line on a ground with so much of the theme's colour of that name."""
    colours = theme.current()
    look = QTextCharFormat()
    look.setBackground(QColor(theme.mix(colours.field, getattr(colours, colour), share)))
    look.setProperty(QTextFormat.Property.FullWidthSelection, True)
    mark = QTextEdit.ExtraSelection()
    mark.cursor, mark.format = cursor, look  # type: ignore[attr-defined]
    return mark


_Piece = tuple[int, int, str]
"""Where a piece of a line starts, how long it is, and its colour's name."""
_LEXER = PythonLexer(stripnl=False, ensurenl=False)


@lru_cache(maxsize=20_000)
def _pieces(text: str) -> list[list[_Piece]]:
    """The pieces of each line of a text."""
    lines: list[list[_Piece]] = [[]]
    column = 0
    for kind, piece in lex(text, _LEXER):
        name = _colour_name(kind)
        for number, part in enumerate(piece.split("\n")):
            if number:
                lines.append([])
                column = 0
            if part and name:
                lines[-1].append((column, len(part), name))
            column += len(part)
    return lines


class _Highlighter(QSyntaxHighlighter):
    """Colours by what Pygments makes of the whole page, so that docstrings may span lines."""

    def __init__(self, view: CodeView):
        super().__init__(view.document())
        self._lines: list[list[_Piece]] = []

    def read(self, text: str) -> None:
        """Find the pieces of each line."""
        lines = text.split("\n")
        if all(line.count('"""') % 2 == 0 for line in lines):
            # One by one, so that after an edit only what is new is read.
            self._lines = [_pieces(line)[0] for line in lines]
        else:
            self._lines = _pieces(text)

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
