"""Steps that follow each other by themselves, at a speed that a person chooses."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from explorer.app.panels.buttons import IconButton
from explorer.app.panels.slider import Slider

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Steps a second."""
_USUAL = 2


class Player(QWidget):
    """Asks for a step, waits until it is shown and for as long as the speed says, and so on.

    `asked` tells that the next step is wanted, `turn_asked` that its button was pressed.
    """

    asked = Signal()
    turn_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_playing = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)
        self._button = IconButton("autoplay", "Play", "Step by itself, or stand still", "play")
        self._button.clicked.connect(self.turn_asked)
        self._speed = Slider()
        self._speed.setRange(0, len(SPEEDS) - 1)
        self._speed.setPageStep(1)
        self._speed.setFixedWidth(64)
        self._speed.setAccessibleName("Speed of playing")
        self._speed.valueChanged.connect(self._on_speed)
        self._speed.setValue(_USUAL)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._button)
        row.addWidget(self._speed)

    def allow(self, allowed: bool, reason: str) -> None:
        """Let it play, or say why there is nothing to play."""
        self._button.allow(allowed, reason)
        self._speed.setEnabled(allowed)

    @Slot()
    def turn(self) -> None:
        """Play, or stand still."""
        self._set_playing(not self._is_playing)
        if self._is_playing:
            self._ask()

    def change_speed(self, by: int) -> None:
        """Go so many speeds faster, or with a negative number slower, as far as there are any."""
        self._speed.setValue(self._speed.value() + by)

    @property
    def speed(self) -> str:
        """How fast it goes, in words: "4 steps a second"."""
        speed = SPEEDS[self._speed.value()]
        return f"{speed:g} {'step' if speed == 1 else 'steps'} a second"

    def go_on(self, has_next: bool) -> None:
        """A step is shown: the next one follows, if there is one."""
        if self._is_playing and has_next:
            self._timer.start(self._pause)
        else:
            self.stop()

    def stop(self) -> None:
        self._timer.stop()
        self._set_playing(False)

    @property
    def _pause(self) -> int:
        return round(1000 / SPEEDS[self._speed.value()])

    def _set_playing(self, playing: bool) -> None:
        if playing != self._is_playing:
            self._is_playing = playing
            self._button.show_drawing("autopause" if playing else "autoplay")

    @Slot()
    def _ask(self) -> None:
        self.asked.emit()

    @Slot()
    def _on_speed(self) -> None:
        self._speed.setToolTip(f"How fast Play goes: {self.speed}")
        if self._timer.isActive():
            self._timer.start(self._pause)
