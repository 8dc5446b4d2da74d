"""A view made beforehand: making one takes longer than a frame of the window may."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from explorer.app.tensors.client import Place, TensorClient
from explorer.app.tensors.tensor_view import TABLE, TensorView

_REST_MS = 400
"""How long after one was taken the next is begun: what was opened is to be seen first."""
_PAUSE_MS = 15
"""Between two steps of making one, in which the window is painted."""
_AT_A_TIME = 12
"""How many controls are dressed in the theme's style in a step."""


class SpareView(QObject):
    """Keeps a view ready that looks at nothing yet. It begins when told, in steps of its own."""

    def __init__(self, client: TensorClient, parent: QWidget):
        super().__init__(parent)
        self._client, self._room = client, parent
        self._view: TensorView | None = None
        self._steps: Iterator[None] = iter(())
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_ready(self) -> bool:
        """Whether one waits that is made all through."""
        return self._view is not None and not self._timer.isActive()

    @Slot()
    def begin(self) -> None:
        """Make one soon, unless there is one."""
        if self._view is None and not self._timer.isActive():
            self._steps = self._made()
            self._timer.start(_REST_MS)

    def take(self, place: Place, way: str = TABLE) -> TensorView:
        """A view of that place, ready or not; the next one is begun."""
        view, self._view = self._view or TensorView(self._client), None
        self._timer.stop()
        self.begin()
        view.look_at(place, way)
        return view

    @Slot()
    def _go_on(self) -> None:
        if next(self._steps, self) is not self:
            self._timer.start(_PAUSE_MS)

    def _made(self) -> Iterator[None]:
        view = TensorView(self._client)
        view.setParent(self._room)
        self._view = view
        yield
        view.prepare()
        yield
        for number, part in enumerate(view.findChildren(QWidget)):
            part.ensurePolished()
            if number % _AT_A_TIME == 0:
                yield
