"""How far a large file is written, with a button that gives it up."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from explorer.app import theme
from explorer.app.tensors.requests import Saving


class SavingBar(QWidget):
    """Hidden while nothing is being written. `stopped()`: the person gives the file up."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._what = QLabel()
        self._bar = QProgressBar()
        self._bar.setAccessibleName("How much of the file is written")
        self._stop = QPushButton("Stop")
        self._stop.setToolTip("Give the file up: nothing of it stays")
        self._stop.clicked.connect(self.stopped)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, theme.SPACING)
        line.addWidget(self._what)
        line.addWidget(self._bar, 1)
        line.addWidget(self._stop)
        self.hide()

    @Slot(object)
    def show_saving(self, saving: Saving) -> None:
        """Show how far it is; hide when nothing is being written any more."""
        if saving.share is not None:
            self._what.setText(f"Saving {saving.path.name}")
            self._bar.setValue(round(100 * saving.share))
        self.setVisible(saving.share is not None)
