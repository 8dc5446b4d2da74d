"""The part of the worker that looks at tensors: at once where it can, else bit by bit."""

from collections.abc import Callable, Generator, Iterator
from functools import singledispatchmethod
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Slot

from explorer.app.messages import Refused, Told
from explorer.app.tensors.requests import (
    Forget,
    ListTensors,
    Look,
    Pin,
    Pinned,
    SaveTensor,
    Saving,
    Seen,
    StopSaving,
    Studied,
    Study,
    TensorMessage,
    TensorRequest,
    TensorsListed,
    Unpin,
    Unseen,
)
from explorer.graph import FileError
from explorer.program.viewing import Gallery, Survey, ViewError, save, survey
from explorer.training import Standing

SLICE = 0.015
"""Seconds of one go at long work."""


class TensorDesk(QObject):
    """Lives in the worker thread. Long work is done in slices, between other requests."""

    def __init__(self, tell: Callable[[TensorMessage | Refused | Told], object], parent: QObject):
        super().__init__(parent)
        self._tell = tell
        self.gallery = Gallery()
        self._studies: dict[int, Iterator[Survey]] = {}
        self._writer: Generator[float, None, None] | None = None
        self._path = Path()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._work_on)

    def take(self, request: TensorRequest, standing: Standing | None) -> None:
        """Answer a request about the tensors of a run where it stands."""
        session = standing.session if standing else None
        self.gallery.show(session, standing.memory if standing else {})
        self._do(request)
        if self._studies or self._writer is not None:
            self._timer.start()

    def end(self) -> None:
        """Leave no half of a file behind."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    # Long work

    @Slot()
    def _work_on(self) -> None:
        until = perf_counter() + SLICE
        if self._studies:
            self._study(next(iter(self._studies)), until)
        elif self._writer is not None:
            self._write(self._writer, until)
        if self._studies or self._writer is not None:
            self._timer.start()

    def _study(self, ticket: int, until: float) -> None:
        for found in self._studies[ticket]:
            if perf_counter() > until or found.is_complete or found.is_sample:
                self._tell(Studied(ticket, found))
                if found.is_complete:
                    del self._studies[ticket]
                return

    def _write(self, writer: Generator[float, None, None], until: float) -> None:
        try:
            for share in writer:
                if perf_counter() > until:
                    self._tell(Saving(self._path, share))
                    return
            self._tell(Told(f"Saved to {self._path}"))
        except FileError as error:
            self._tell(Refused(str(error)))
        self._writer = None
        self._tell(Saving(self._path, None))

    # One method for each request

    @singledispatchmethod
    def _do(self, request: object) -> None:
        raise NotImplementedError(f"no answer to {request}")

    @_do.register
    def _(self, request: ListTensors) -> None:
        self._tell(TensorsListed(self.gallery.entries(), self.gallery.pinned))

    @_do.register
    def _(self, request: Look) -> None:
        entry, answer = None, None
        try:
            entry = self.gallery.entry(request.address)
            if request.query is not None:
                answer = request.query.of(self.gallery.subject(request.address))
        except (ViewError, RuntimeError) as error:
            # A RuntimeError is the device's: out of memory, or gone.
            self._tell(Unseen(request.ticket, str(error).partition("\n")[0], entry))
        else:
            self._tell(Seen(request.ticket, entry, answer))

    @_do.register
    def _(self, request: Study) -> None:
        try:
            subject = self.gallery.subject(request.address)
            if request.cut is not None:
                subject = subject.plane(request.cut)
        except (ViewError, RuntimeError) as error:
            self._tell(Unseen(request.ticket, str(error).partition("\n")[0]))
        else:
            self._studies[request.ticket] = survey(subject, request.histogram)

    @_do.register
    def _(self, request: Forget) -> None:
        self._studies.pop(request.ticket, None)

    @_do.register
    def _(self, request: Pin) -> None:
        try:
            entry = self.gallery.pin(request.address, request.when)
        except ViewError as error:
            self._tell(Refused(str(error)))
        else:
            self._tell(Pinned(entry))

    @_do.register
    def _(self, request: Unpin) -> None:
        self.gallery.unpin(request.address)
        self._do(ListTensors())

    @_do.register
    def _(self, request: SaveTensor) -> None:
        if self._writer is not None:
            self._tell(Refused(f"{self._path} is still being written: wait for it, or stop it"))
            return
        try:
            subject = self.gallery.subject(request.address)
        except ViewError as error:
            self._tell(Refused(str(error)))
        else:
            self._path, self._writer = request.path, save(subject, request.path)

    @_do.register
    def _(self, request: StopSaving) -> None:
        self.end()
        self._tell(Saving(self._path, None))
