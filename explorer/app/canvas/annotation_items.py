"""Notes and frames on the canvas, painted from what the document says of them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTextDocument
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.graph.annotations import Frame, Note

TITLE = 30.0
"""The height of a frame's title bar, in scene units."""
GRIP = 14.0
"""How far from the bottom right corner a press means to change the size."""
SMALLEST = (60.0, 40.0)
"""How small a note or a frame can be made, in scene units."""
SELECTED_EDGE = 2.6
"""How thick the border of what is selected is, in scene units."""
_EDGE = 7.0
_PADDING = 9.0
_TEXT_FROM = 0.25
_FRAME_PIXELS = 15
_BEHIND = {Frame: -20.0, Note: -5.0}


class AnnotationItem(QGraphicsRectItem):
    """A note or a frame where it stands; selected like a card."""

    def __init__(self, annotation: Note | Frame):
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setZValue(_BEHIND[type(annotation)])
        self.show_annotation(annotation)

    def show_annotation(self, annotation: Note | Frame) -> None:
        """Show it as it is now."""
        self.annotation = annotation
        self.id = annotation.id
        self.setPos(*annotation.position)
        self.show_size(QPointF(*annotation.size))

    def show_size(self, size: QPointF) -> None:
        """Show it as large as that, whatever the document says."""
        self.setRect(QRectF(0, 0, size.x(), size.y()))
        self.update()

    @property
    def box(self) -> QRectF:
        """In scene coordinates."""
        return self.rect().translated(self.pos())

    @property
    def area(self) -> QRectF:
        """The same: nothing hangs below it."""
        return self.box

    def is_grip(self, at: QPointF) -> bool:
        """Whether a scene point is at the corner that changes the size."""
        corner = self.box.bottomRight()
        return QRectF(corner - QPointF(GRIP, GRIP), corner).contains(at)

    def is_hit(self, at: QPointF) -> bool:
        """Whether a press at a scene point means it: a frame lets what is in it be reached."""
        if not self.box.contains(at):
            return False
        if isinstance(self.annotation, Note):
            return True
        inner = self.box.adjusted(_EDGE, TITLE, -_EDGE, -_EDGE)
        return not inner.contains(at) or self.is_grip(at)

    @property
    def title_box(self) -> QRectF:
        """Where a frame's title stands, in its own coordinates."""
        return QRectF(_PADDING, 2, self.rect().width() - 2 * _PADDING, TITLE - 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if isinstance(self.annotation, Note):
            self._paint_note(painter, self.annotation, scale)
        else:
            self._paint_frame(painter, self.annotation, scale)
        if self.isSelected():
            self._paint_grip(painter)

    def _paint_note(self, painter: QPainter, note: Note, scale: float) -> None:
        colours = theme.current()
        self._paint_body(painter, colours.note, colours.note_border, 5.0)
        if scale < _TEXT_FROM:
            return
        width, room = self.rect().width() - 2 * _PADDING, self.rect().height() - _PADDING
        document = _document(note.text, width, colours.text)
        shown = _whole_lines(document, room)
        painter.save()
        painter.translate(_PADDING, _PADDING - 3)
        document.drawContents(painter, QRectF(0, 0, width, shown - 1))
        painter.restore()
        if shown < document.size().height():
            self._paint_more(painter, _PADDING - 3 + shown)

    def _paint_more(self, painter: QPainter, bottom: float) -> None:
        """Three dots at the end of the last line that is shown: the text goes on."""
        colours = theme.current()
        painter.setFont(geometry.card_font(geometry.TITLE_PIXELS, bold=True))
        dots = painter.fontMetrics().boundingRect("…").width() + 8
        high = float(painter.fontMetrics().height())
        box = QRectF(self.rect().right() - dots - 4, max(bottom - high, 2.0), dots, high)
        painter.fillRect(box, QColor(colours.note))
        painter.setPen(QColor(colours.text_soft))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "…")

    def _paint_frame(self, painter: QPainter, frame: Frame, scale: float) -> None:
        colours = theme.current()
        self._paint_body(painter, colours.frame, colours.frame_border, geometry.CORNER + 2)
        if scale < _TEXT_FROM / 2:
            return
        painter.setFont(geometry.card_font(_FRAME_PIXELS, bold=True))
        painter.setPen(QColor(colours.text_soft))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        wide = round(self.title_box.width())
        title = metrics.elidedText(frame.label, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(self.title_box, align, title)

    def _paint_body(self, painter: QPainter, face: str, border: str, corner: float) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(self.rect(), corner, corner)
        painter.fillPath(outline, QColor(face))
        is_selected = self.isSelected()
        colour = theme.current().accent if is_selected else border
        painter.setPen(QPen(QColor(colour), SELECTED_EDGE if is_selected else 1.2))
        painter.drawPath(outline)

    def _paint_grip(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(theme.current().accent), 1.6))
        corner = self.rect().bottomRight() - QPointF(4, 4)
        for reach in (4.0, 8.0):
            painter.drawLine(corner - QPointF(reach, 0), corner - QPointF(0, reach))


def _whole_lines(document: QTextDocument, room: float) -> float:
    """The height of as many whole lines as there is room for.

    What lies outside of a clip is still in a drawing, and seen by those who take no clip.
    """
    shown, all_of_it = 0.0, document.size().height()  # asking for it lays the lines out
    block = document.begin()
    while block.isValid():
        lines = block.layout()
        for number in range(lines.lineCount()):
            line = lines.lineAt(number)
            end = lines.position().y() + line.y() + line.height()
            if end > room:
                return shown
            shown = end
        block = block.next()
    return all_of_it


def _document(text: str, width: float, colour: str) -> QTextDocument:
    """Markdown laid out to a width."""
    document = QTextDocument()
    document.setDefaultFont(geometry.card_font(geometry.TITLE_PIXELS))
    document.setDefaultStyleSheet(f"* {{ color: {colour}; }}")
    document.setDocumentMargin(0)
    document.setMarkdown(text or "*Double-click to write*")
    document.setTextWidth(width)
    return document
