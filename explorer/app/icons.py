"""The icons, drawn as vectors in the theme's colours."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPixmapCache,
    QPolygonF,
)

from explorer.app.theme import ICON_SIZE, current

_BOX = 16.0
_SCALE = 3
_STROKE = 1.8


def icon(name: str, colour: str | None = None) -> QIcon:
    """The drawing of that name in a colour, the text's unless told, and pale when disabled."""
    theme = current()
    made = QIcon()
    made.addPixmap(pixmap(name, colour or theme.text), QIcon.Mode.Normal)
    made.addPixmap(pixmap(name, theme.text_disabled), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, colour: str, size: int = ICON_SIZE) -> QPixmap:
    """The drawing of that name as a sharp picture, `size` points wide; drawn once, then kept."""
    key = f"{name} {colour} {size}"
    kept = QPixmap()
    if QPixmapCache.find(key, kept):
        return kept
    made = QPixmap(QSize(size, size) * _SCALE)
    made.setDevicePixelRatio(_SCALE)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint(painter, QRectF(0, 0, size, size), name, colour)
    painter.end()
    QPixmapCache.insert(key, made)
    return made


def paint(painter: QPainter, box: QRectF, name: str, colour: str) -> None:
    """Draw it into a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / _BOX, box.height() / _BOX)
    solid, lines = _drawing(name)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPath(solid)
    pen = QPen(QColor(colour), _STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(lines)
    painter.restore()


@cache
def _drawing(name: str) -> tuple[QPainterPath, QPainterPath]:
    solid, lines = QPainterPath(), QPainterPath()
    _DRAWINGS[name](solid, lines)
    return solid, lines


def _polygon(path: QPainterPath, *points: tuple[float, float]) -> None:
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()


def _polyline(path: QPainterPath, *points: tuple[float, float]) -> None:
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))


def _play(solid: QPainterPath, lines: QPainterPath) -> None:
    _polygon(solid, (4, 2), (13.5, 8), (4, 14))


def _pause(solid: QPainterPath, lines: QPainterPath) -> None:
    solid.addRoundedRect(QRectF(3.5, 2.5, 3.2, 11), 0.8, 0.8)
    solid.addRoundedRect(QRectF(9.3, 2.5, 3.2, 11), 0.8, 0.8)


def _stop(solid: QPainterPath, lines: QPainterPath) -> None:
    solid.addRoundedRect(QRectF(3, 3, 10, 10), 1.2, 1.2)


def _reset(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.arcMoveTo(QRectF(2.8, 2.8, 10.4, 10.4), 130)
    lines.arcTo(QRectF(2.8, 2.8, 10.4, 10.4), 130, 290)
    _polygon(solid, (1.6, 1.6), (7.2, 3.2), (2.6, 6.9))


def _step(solid: QPainterPath, lines: QPainterPath) -> None:
    _polygon(solid, (2.5, 2.5), (10.5, 8), (2.5, 13.5))
    _polyline(lines, (13, 3), (13, 13))


def _back(solid: QPainterPath, lines: QPainterPath) -> None:
    _polygon(solid, (13.5, 2.5), (5.5, 8), (13.5, 13.5))
    _polyline(lines, (3, 3), (3, 13))


def _restart(solid: QPainterPath, lines: QPainterPath) -> None:
    _polygon(solid, (9.2, 3), (3.7, 8), (9.2, 13))
    _polygon(solid, (15, 3), (9.5, 8), (15, 13))
    _polyline(lines, (1.7, 3.2), (1.7, 12.8))


def _to_end(solid: QPainterPath, lines: QPainterPath) -> None:
    _polygon(solid, (6.8, 3), (12.3, 8), (6.8, 13))
    _polygon(solid, (1, 3), (6.5, 8), (1, 13))
    _polyline(lines, (14.3, 3.2), (14.3, 12.8))


def _to_loss(solid: QPainterPath, lines: QPainterPath) -> None:
    _polygon(solid, (0.6, 3.6), (5.8, 8), (0.6, 12.4))
    lines.addEllipse(QPointF(11, 8), 4, 4)
    solid.addEllipse(QPointF(11, 8), 1.5, 1.5)


def _next_batch(solid: QPainterPath, lines: QPainterPath) -> None:
    for y in (3.2, 8.0, 12.8):
        _polyline(lines, (1.6, y), (6.6, y))
    _polygon(solid, (9, 3.2), (15, 8), (9, 12.8))


def _close(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (3.6, 3.6), (12.4, 12.4))
    _polyline(lines, (12.4, 3.6), (3.6, 12.4))


def _save(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (8, 2), (8, 10))
    _polyline(lines, (4.6, 6.8), (8, 10.2), (11.4, 6.8))
    _polyline(lines, (2, 11), (2, 14), (14, 14), (14, 11))


def _fit(solid: QPainterPath, lines: QPainterPath) -> None:
    for x, y in ((2.0, 2.0), (14.0, 2.0), (14.0, 14.0), (2.0, 14.0)):
        inward_x, inward_y = (4 if x < 8 else -4), (4 if y < 8 else -4)
        _polyline(lines, (x + inward_x, y), (x, y), (x, y + inward_y))
    solid.addEllipse(QPointF(8, 8), 1.8, 1.8)


def _done(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addEllipse(QPointF(8, 8), 6.6, 6.6)
    _polyline(lines, (4.9, 8.3), (7.1, 10.5), (11.1, 5.9))


def _warning(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (8, 1.8), (15, 14.2), (1, 14.2), (8, 1.8))
    _polyline(lines, (8, 6.2), (8, 9.6))
    solid.addEllipse(QPointF(8, 12), 1.05, 1.05)


def _error(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addEllipse(QPointF(8, 8), 6.6, 6.6)
    _polyline(lines, (5.6, 5.6), (10.4, 10.4))
    _polyline(lines, (10.4, 5.6), (5.6, 10.4))


def _info(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addEllipse(QPointF(8, 8), 6.6, 6.6)
    _polyline(lines, (8, 7.6), (8, 11.4))
    solid.addEllipse(QPointF(8, 4.8), 1.1, 1.1)


def _past(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addEllipse(QPointF(8, 8), 6, 6)
    lines.moveTo(8, 4.6)
    lines.lineTo(8, 8)
    lines.lineTo(5.4, 9.6)


def _stopped(solid: QPainterPath, lines: QPainterPath) -> None:
    solid.addEllipse(QPointF(8, 8), 5, 5)


def _breakpoint(solid: QPainterPath, lines: QPainterPath) -> None:
    solid.addEllipse(QPointF(8, 8), 2.4, 2.4)
    lines.addEllipse(QPointF(8, 8), 6, 6)


def _curves(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (2, 1.8), (2, 14), (14.4, 14))
    lines.moveTo(4, 3)
    lines.cubicTo(QPointF(5.5, 10), QPointF(8, 11), QPointF(14, 11.2))


def _grid(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addRoundedRect(QRectF(1.8, 1.8, 12.4, 12.4), 1.4, 1.4)
    for at in (6.0, 10.0):
        _polyline(lines, (at, 2), (at, 14))
        _polyline(lines, (2, at), (14, at))


def _copy(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addRoundedRect(QRectF(5.4, 5.4, 8.8, 8.8), 1.2, 1.2)
    _polyline(lines, (10.6, 2), (3.2, 2), (2, 3.2), (2, 10.6))


def _code(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (5, 4), (1.4, 8), (5, 12))
    _polyline(lines, (11, 4), (14.6, 8), (11, 12))
    _polyline(lines, (9.4, 2.6), (6.6, 13.4))


def _open(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (1.8, 13), (1.8, 3), (6, 3), (7.6, 5), (13, 5), (13, 7))
    _polyline(lines, (1.8, 13), (4.2, 7.4), (14.8, 7.4), (12.6, 13), (1.8, 13))


def _undo(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (5.6, 2.6), (2.2, 6), (5.6, 9.4))
    lines.moveTo(2.6, 6)
    lines.lineTo(9.4, 6)
    lines.arcTo(QRectF(5.6, 6, 8, 7.4), 90, -180)
    lines.lineTo(5.4, 13.4)


def _redo(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (10.4, 2.6), (13.8, 6), (10.4, 9.4))
    lines.moveTo(13.4, 6)
    lines.lineTo(6.6, 6)
    lines.arcTo(QRectF(2.4, 6, 8, 7.4), 90, 180)
    lines.lineTo(10.6, 13.4)


def _forward(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (1.8, 8), (13.4, 8))
    _polyline(lines, (9.4, 4), (13.6, 8), (9.4, 12))


def _backward(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (14.2, 8), (2.6, 8))
    _polyline(lines, (6.6, 4), (2.4, 8), (6.6, 12))


def _step_into(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (8, 1.8), (8, 8.6))
    _polygon(solid, (4, 6.4), (12, 6.4), (8, 11))
    solid.addEllipse(QPointF(8, 13.8), 1.7, 1.7)


def _step_out(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (8, 10), (8, 4.4))
    _polygon(solid, (4, 6.2), (12, 6.2), (8, 1.6))
    solid.addEllipse(QPointF(8, 13.8), 1.7, 1.7)


def _go_on(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (2.2, 2.8), (2.2, 13.2))
    _polygon(solid, (5.4, 2.4), (14, 8), (5.4, 13.6))


def _autoplay(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addEllipse(QPointF(8, 8), 6.8, 6.8)
    _polygon(solid, (6.2, 4.6), (11.6, 8), (6.2, 11.4))


def _autopause(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addEllipse(QPointF(8, 8), 6.8, 6.8)
    solid.addRect(QRectF(5.4, 5, 1.9, 6))
    solid.addRect(QRectF(8.7, 5, 1.9, 6))


def _update(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.arcMoveTo(QRectF(2.6, 2.6, 10.8, 10.8), 30)
    lines.arcTo(QRectF(2.6, 2.6, 10.8, 10.8), 30, 200)
    lines.arcMoveTo(QRectF(2.6, 2.6, 10.8, 10.8), 270)
    lines.arcTo(QRectF(2.6, 2.6, 10.8, 10.8), 270, 60)
    _polygon(solid, (15.4, 7.8), (10.4, 9.2), (14.2, 12.2))


def _down(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (4.2, 6.2), (8, 10), (11.8, 6.2))


def _up(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (4.2, 9.8), (8, 6), (11.8, 9.8))


def _watch(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.moveTo(1.6, 8)
    lines.quadTo(8, -0.6, 14.4, 8)
    lines.quadTo(8, 16.6, 1.6, 8)
    solid.addEllipse(QPointF(8, 8), 2.2, 2.2)


def _expand(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (9.6, 2), (14, 2), (14, 6.4))
    _polyline(lines, (14, 2), (8.6, 7.4))
    _polyline(lines, (6.4, 14), (2, 14), (2, 9.6))
    _polyline(lines, (2, 14), (7.4, 8.6))


def _pin(solid: QPainterPath, lines: QPainterPath) -> None:
    _polygon(solid, (5.2, 1.8), (10.8, 1.8), (10.2, 7.2), (5.8, 7.2))
    _polyline(lines, (3.4, 9.4), (12.6, 9.4))
    _polyline(lines, (8, 9.6), (8, 14.4))


def _explain(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (12.6, 4.4), (12.6, 2.4), (3.4, 2.4), (8.6, 8), (3.4, 13.6), (12.6, 13.6))
    _polyline(lines, (12.6, 13.6), (12.6, 11.6))


def _compare(solid: QPainterPath, lines: QPainterPath) -> None:
    lines.addRoundedRect(QRectF(1.8, 3, 5, 10), 1, 1)
    lines.addRoundedRect(QRectF(9.2, 3, 5, 10), 1, 1)


def _edit(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (3.4, 10.2), (10.6, 3), (13, 5.4), (5.8, 12.6), (2.6, 13.4), (3.4, 10.2))


def _nudge(solid: QPainterPath, lines: QPainterPath) -> None:
    _polyline(lines, (8, 2.2), (8, 8.6))
    _polyline(lines, (4.8, 5.4), (11.2, 5.4))
    _polyline(lines, (4.8, 12.8), (11.2, 12.8))


_DRAWINGS: dict[str, Callable[[QPainterPath, QPainterPath], None]] = {
    "play": _play,
    "pause": _pause,
    "stop": _stop,
    "reset": _reset,
    "step": _step,
    "back": _back,
    "restart": _restart,
    "to_end": _to_end,
    "to_loss": _to_loss,
    "next_batch": _next_batch,
    "close": _close,
    "save": _save,
    "fit": _fit,
    "done": _done,
    "warning": _warning,
    "error": _error,
    "info": _info,
    "stopped": _stopped,
    "past": _past,
    "breakpoint": _breakpoint,
    "curves": _curves,
    "grid": _grid,
    "open": _open,
    "undo": _undo,
    "redo": _redo,
    "copy": _copy,
    "code": _code,
    "forward": _forward,
    "backward": _backward,
    "update": _update,
    "step_into": _step_into,
    "step_out": _step_out,
    "go_on": _go_on,
    "autoplay": _autoplay,
    "autopause": _autopause,
    "down": _down,
    "up": _up,
    "watch": _watch,
    "expand": _expand,
    "pin": _pin,
    "explain": _explain,
    "compare": _compare,
    "edit": _edit,
    "nudge": _nudge,
}
