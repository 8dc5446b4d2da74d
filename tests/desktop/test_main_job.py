"""The whole path with a real mouse and keyboard: draw, wire, train, pause, step back, undo."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF

pytestmark = pytest.mark.desktop
ROOT = Path(__file__).resolve().parents[2]


def on_canvas(window, at: QPointF) -> QPoint:
    """Where a scene point is on the screen."""
    return window.view.viewport().mapToGlobal(window.view.mapFromScene(at))


def port(window, path: str) -> QPoint:
    return on_canvas(window, window.scene.end_point(path))


def in_palette(window, kind: str) -> QPoint:
    layers = window.palette_panel.list
    (entry,) = (item for item in layers.entries() if item.text(0) == kind)
    layers.scrollToItem(entry)
    return layers.viewport().mapToGlobal(layers.visualItemRect(entry).center())


def test_a_person_draws_trains_pauses_steps_back_and_undoes(window, hand, qtbot, picture):
    graph, controller = window.document.graph, window.controller
    picture("1_start")

    # Linear comes from the palette into the net, between relu1 and fc2.
    empty = window.scene.bounds().center() + QPointF(0, 260)
    hand.drag(in_palette(window, "Linear"), on_canvas(window, empty))
    assert graph.nodes["fc3"].kind == "Linear"
    hand.drag(port(window, "relu1.out"), port(window, "fc3.x"))
    assert graph.wires["fc3.x"].source == "relu1.out"
    hand.drag(port(window, "fc3.out"), port(window, "fc2.x"))
    assert graph.wires["fc2.x"].source == "fc3.out"
    picture("2_wired")

    # It trains: the loss falls, and the window shows it.
    hand.key("F5")
    qtbot.waitUntil(lambda: controller.steps > 200, timeout=20_000)
    assert controller.state == "running"
    picture("3_training")
    hand.key("F5")
    qtbot.waitUntil(lambda: controller.state == "paused", timeout=5_000)
    losses = window.plots._curves.loss.steps.values
    assert losses[-50:].mean() < losses[:50].mean()

    # It is walked through, back to the first layer.
    for _ in range(len(controller.program.calls)):
        hand.key("F10")
    moved = window.stepper._where.text()
    assert moved.startswith("fc1 backward")
    assert "dw" in [card._name.text().split()[0] for card in window.values.cards]
    picture("4_stepped_back_to_the_first_layer")

    # And undone: both wires and the node.
    for _ in range(3):
        hand.key("ctrl+z")
    assert "fc3" not in graph.nodes
    assert graph.wires["fc2.x"].source == "relu1.out"
    picture("5_undone")


def test_the_program_starts_shows_itself_and_ends_when_its_window_is_closed(tmp_path):
    environment = os.environ | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    program = subprocess.Popen([sys.executable, "main.py"], cwd=ROOT, env=environment)
    search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Backprop Explorer"]
    found = subprocess.run(search, capture_output=True, text=True, timeout=60, check=True)
    number = found.stdout.split()[0]
    subprocess.run(["xdotool", "windowfocus", "--sync", number], check=True)
    subprocess.run(["xdotool", "key", "F5", "sleep", "1.5", "key", "ctrl+q"], check=True)
    assert program.wait(timeout=30) == 0
