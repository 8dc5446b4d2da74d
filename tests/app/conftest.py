"""GUI tests run without a screen unless one is asked for."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from threading import Event, current_thread, main_thread
from typing import ClassVar

import pytest
import torch
from pydantic import Field
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from torch import Tensor

from explorer import layers
from explorer.app import errand
from explorer.layers import Layer
from explorer.layers.base import _CATALOGUE

from .desk import Desk
from .hand import LEFT

_AWAY = QPoint(-9_000, -9_000)


@pytest.fixture
def own_layers() -> Iterator[None]:
    """What layers a test makes are gone again after it."""
    before = dict(_CATALOGUE)
    yield
    for name in _CATALOGUE.keys() - before:
        vars(layers).pop(name, None)
    _CATALOGUE.clear()
    _CATALOGUE.update(before)


class Gate:
    """Holds long work in the worker up before a Linear's forward call, while it is closed."""

    def __init__(self) -> None:
        self._is_open = Event()
        self._is_open.set()

    def closes(self) -> None:
        self._is_open.clear()

    def opens(self) -> None:
        self._is_open.set()

    def passes(self) -> None:
        # The window finds shapes by the same calls.
        if current_thread() is not main_thread():
            assert self._is_open.wait(timeout=20), "somebody opens it again"


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate, and long work that goes on by as little as it can between two requests."""
    gate, forward = Gate(), layers.Linear.forward

    def slow(*arguments, **keywords):
        gate.passes()
        return forward(*arguments, **keywords)

    monkeypatch.setattr(layers.Linear, "forward", staticmethod(slow))
    monkeypatch.setattr(errand, "SLICE", 0.0)
    yield gate
    gate.opens()


@pytest.fixture
def braid(own_layers: None) -> type[Layer]:
    """A layer of a family of its own, with as many inputs as one likes and one that may be free."""

    class Braid(Layer):
        """Adds up its strands.

        Shapes: every strand any, out as they.
        """

        family: ClassVar[str] = "Weaving"
        inputs: ClassVar[tuple[str, ...]] = ("strand1", "strand2", "knot")
        optional: ClassVar[tuple[str, ...]] = ("knot",)
        differentiable: ClassVar[tuple[str, ...]] = ()
        synonyms: ClassVar[tuple[str, ...]] = ("plait",)

        strands: int = Field(2, ge=1, le=16, description="How many strands there are")

        @staticmethod
        def forward(*tensors: Tensor | None) -> tuple[Tensor, tuple]:
            return torch.stack([t for t in tensors if t is not None]).sum(0), ()

        @staticmethod
        def backward(dout: Tensor, cache: tuple) -> tuple:
            return ()

        @property
        def takes(self) -> tuple[str, ...]:
            return (*(f"strand{number + 1}" for number in range(self.strands)), "knot")

    return Braid


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.worker.close()


@pytest.fixture(autouse=True)
def mouse_let_go() -> Iterator[None]:
    """The next test finds the mouse as a hand leaves it, and nowhere near a window.

    A double-click that opens a field has its last release go to no one, and Qt would take the
    button for held: its pointer then follows no move.
    """
    yield
    if QApplication.instance() is not None and QApplication.mouseButtons() == LEFT:
        scratch = QWidget()
        QTest.mouseRelease(scratch, LEFT)
        assert QApplication.mouseButtons() == Qt.MouseButton.NoButton
    if QApplication.instance() is not None:
        QCursor.setPos(_AWAY)
