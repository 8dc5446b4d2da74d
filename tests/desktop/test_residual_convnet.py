"""A residual ConvNet is built from nothing, trained, grouped and undone, by keyboard and mouse."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox, QWidget

from explorer.graph.file import to_text

from .test_main_job import on_canvas, port

pytestmark = pytest.mark.desktop
ACROSS, DOWN = 165, 105


def spot(window, column: int, row: int) -> QPoint:
    """A free place on the canvas, as pixels of the screen."""
    corner = window.view.viewport().mapToGlobal(QPoint(0, 0))
    return corner + QPoint(90 + column * ACROSS, 120 + row * DOWN)


def field(window, name: str) -> QWidget:
    """The control of a setting in the inspector; the newest where a form was just made anew."""
    return window.inspector.findChildren(QWidget, name)[-1]


def middle(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(widget.rect().center())


class Builder:
    """Adds layers at the pointer by a few letters of their names, and wires by dragging."""

    def __init__(self, window, hand, qtbot):
        self.window, self.hand, self.qtbot = window, hand, qtbot

    @property
    def graph(self):
        return self.window.document.graph

    def add(self, words: str, id: str, column: int, row: int) -> None:
        """Tab, the words, Enter: wired to what is selected where that fits."""
        self.hand.move(spot(self.window, column, row))
        self.hand.key("Tab")
        self.qtbot.waitUntil(lambda: self.window.view.offers.popup is not None)
        self.hand.type(words)
        self.hand.key("Return")
        self.qtbot.waitUntil(lambda: id in self.graph.nodes, timeout=5_000)

    def wire(self, source: str, target: str) -> None:
        self.hand.drag(port(self.window, source), port(self.window, target))
        self.qtbot.waitUntil(
            lambda: target in self.graph.wires and self.graph.wires[target].source == source
        )

    def select(self, *ids: str) -> None:
        for number, id in enumerate(ids):
            at = on_canvas(self.window, self.window.scene.nodes[id].box.center())
            if number:
                self.hand.do("keydown", "shift")
            self.hand.click(at)
            if number:
                self.hand.do("keyup", "shift")
        self.qtbot.waitUntil(lambda: set(self.window.view.selected()) == set(ids))

    def fill(self, name: str, text: str) -> None:
        self.qtbot.waitUntil(lambda: self.window.inspector.findChildren(QWidget, name) != [])
        self.hand.click(middle(field(self.window, name)), times=2)
        self.hand.key("ctrl+a")
        self.hand.type(text)
        self.hand.key("Return")
        self.hand.click(spot(self.window, 4, 3))


def test_a_residual_convnet_from_nothing(window, hand, qtbot, picture):
    build = Builder(window, hand, qtbot)
    hand.key("ctrl+n")
    qtbot.waitUntil(lambda: not build.graph.nodes)
    hand.click(spot(window, 2, 2))
    empty = to_text(build.graph)
    for _ in range(3):
        hand.key("ctrl+minus")

    # The stem: data, a convolution that keeps the size, normalization, activation.
    build.add("data", "data", 0, 0)
    dataset = field(window, "dataset")
    assert isinstance(dataset, QComboBox)
    hand.click(middle(dataset))
    hand.type("digits")
    hand.key("Return")
    qtbot.waitUntil(lambda: build.graph.nodes["data"].layer.dataset == "digits")
    hand.click(spot(window, 4, 3))
    build.add("conv2d", "conv1", 1, 0)
    build.fill("padding", "1")
    qtbot.waitUntil(lambda: build.graph.nodes["conv1"].layer.padding == (1, 1))
    build.wire("data.x", "conv1.x")
    build.select("conv1")
    build.add("batch norm 2d", "bn1", 2, 0)
    build.add("relu", "relu1", 3, 0)

    # The branch, its convolution a copy of the first, and the skip around it.
    build.select("conv1")
    hand.key("ctrl+c", "ctrl+v")
    qtbot.waitUntil(lambda: "conv2" in build.graph.nodes)
    copy = on_canvas(window, window.scene.nodes["conv2"].box.center())
    hand.drag(copy, spot(window, 0, 1))
    build.wire("relu1.out", "conv2.x")
    build.select("conv2")
    build.add("batch norm 2d", "bn2", 1, 1)
    build.add("add", "add1", 2, 1)
    build.wire("relu1.out", "add1.b")
    build.select("add1")
    build.add("swish", "silu1", 3, 1)
    picture("residual_1_block")

    # The head.
    build.add("flatten", "flatten1", 0, 2)
    build.add("dense", "fc1", 1, 2)
    build.fill("out_features", "10")
    build.select("fc1")
    build.add("cross entropy", "loss", 2, 2)
    build.wire("data.y", "loss.y")
    qtbot.waitUntil(lambda: window.controller.program is not None)
    assert build.graph.problems() == []
    assert build.graph.wires["add1.a"].source == "bn2.out"

    # Laid out, the branch in one card, looked into and left again.
    hand.click(spot(window, 4, 3))
    hand.key("l")
    qtbot.wait(400)
    picture("residual_2_arranged")
    build.select("conv2", "bn2", "add1", "silu1")
    hand.key("ctrl+g")
    qtbot.waitUntil(lambda: "group1" in build.graph.groups)
    hand.key("ctrl+Return")
    qtbot.waitUntil(lambda: window.scene.level == "group1")
    picture("residual_3_group")
    hand.key("ctrl+shift+Return")
    qtbot.waitUntil(lambda: window.scene.level == "")

    # It trains.
    hand.key("F5")
    qtbot.waitUntil(lambda: window.controller.steps > 40, timeout=60_000)
    hand.key("F5")
    qtbot.waitUntil(lambda: window.controller.state == "paused", timeout=10_000)
    losses = window.plots._curves.loss.steps.values
    assert losses[-10:].mean() < losses[:10].mean()
    picture("residual_4_trained")

    # And all of it is undone.
    for _ in range(60):
        if build.graph.history.undo_label is None:
            break
        hand.key("ctrl+z")
    assert to_text(build.graph) == empty
