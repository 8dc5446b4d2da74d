"""The latest loss and accuracy as a small table, keyed as the plots are."""

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from explorer.app import theme
from explorer.app.panels.numbers import percent, short
from explorer.app.panels.series_key import SeriesKey
from explorer.training import Progress

_NONE = "–"


class LatestNumbers(QWidget):
    """Loss and accuracy, on the training rows and on those held back."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.MARGIN)
        self._grid.setVerticalSpacing(3)
        training = SeriesKey("mean", "Training", "The mean of the last epoch's steps")
        validation = SeriesKey("validation", "Validation", "On the rows held back, each epoch")
        self._grid.addWidget(training, 0, 1, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(validation, 0, 2, Qt.AlignmentFlag.AlignRight)
        self._loss = self._add_row(1, "Loss")
        self._accuracy = self._add_row(2, "Accuracy")
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self.clear()

    def clear(self) -> None:
        """Forget the run."""
        for label in (*self._loss, *self._accuracy):
            label.setText(_NONE)
        self._describe()

    def show_progress(self, progress: Progress) -> None:
        """Take over what a progress event brings; the rest stays as it was."""
        if progress.epochs:
            last = progress.epochs[-1]
            self._loss[0].setText(short(last.loss))
            if last.accuracy is not None:
                self._accuracy[0].setText(percent(last.accuracy))
            if last.validation_loss is not None:
                self._loss[1].setText(short(last.validation_loss))
            if last.validation_accuracy is not None:
                self._accuracy[1].setText(percent(last.validation_accuracy))
        self._describe()

    def _add_row(self, row: int, name: str) -> tuple[QLabel, QLabel]:
        title = QLabel(name)
        title.setProperty("role", "soft")
        self._grid.addWidget(title, row, 0)
        numbers = QLabel(), QLabel()
        for column, (label, where) in enumerate(
            zip(numbers, ("training", "validation"), strict=True), 1
        ):
            label.setFont(theme.code_font(theme.TEXT_SIZE + 1))
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAccessibleName(f"{where} {name.lower()}")
            label.setToolTip(f"{name} on the {where} rows")
            self._grid.addWidget(label, row, column)
        return numbers

    def _describe(self) -> None:
        loss, accuracy = (tuple(x.text() for x in row) for row in (self._loss, self._accuracy))
        self.setAccessibleName(
            f"Training loss {loss[0]}, validation loss {loss[1]}, "
            f"training accuracy {accuracy[0]}, validation accuracy {accuracy[1]}"
        )


def _mean(values: tuple[float, ...]) -> float:
    return math.fsum(values) / len(values) if all(map(math.isfinite, values)) else values[-1]
