"""A slider that goes where one clicks, as the position bar of a player does."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider


class Slider(QSlider):
    """Lies across: a click beside the handle brings it there, where Qt's own goes on by a page."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and not self._handle().contains(at):
            self.setValue(self._value_at(at))
        # Where values are far apart the handle may not lie there: then nothing is dragged.
        if self._handle().contains(at):
            super().mousePressEvent(event)

    def _value_at(self, at: QPoint) -> int:
        groove, width = self._part(QStyle.SubControl.SC_SliderGroove), self._handle().width()
        span = groove.width() - width
        along = at.x() - groove.x() - width // 2
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), along, span)

    def _handle(self) -> QRect:
        return self._part(QStyle.SubControl.SC_SliderHandle)

    def _part(self, part: QStyle.SubControl) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_Slider
        return self.style().subControlRect(control, option, part, self)
