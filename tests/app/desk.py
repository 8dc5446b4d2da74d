"""A worker that tests ask as the window does."""

from explorer.app import requests
from explorer.app.worker import Worker


class Desk:
    """A worker, and all that it told."""

    def __init__(self, qtbot):
        self.worker = Worker()
        self.told: list[object] = []
        self.worker.told.connect(self.told.append)
        self._qtbot = qtbot

    def ask(self, *asked: requests.Request) -> None:
        for request in asked:
            self.worker.ask(request)

    def waits_for(self, kind: type, **fields: object) -> object:
        def found() -> object:
            return next(
                (
                    event
                    for event in reversed(self.told)
                    if isinstance(event, kind)
                    and all(getattr(event, name) == value for name, value in fields.items())
                ),
                None,
            )

        self._qtbot.waitUntil(lambda: found() is not None, timeout=20_000)
        return found()
