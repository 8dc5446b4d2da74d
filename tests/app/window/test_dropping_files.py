"""A person drags files from elsewhere onto the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from explorer.graph import examples
from explorer.training import Trainer, save_weights

Answer = QMessageBox.StandardButton
COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)


class Dragged:
    """Files in a hand that moves over parts of the window."""

    def __init__(self, window, *paths: Path):
        self._hint = window.file_drop._hint
        self._data = QMimeData()
        self._data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])

    def over(self, part: QWidget) -> str:
        """Enter a part of the window and rest there; what is said of a drop."""
        at = part.rect().center()
        for kind in (QDragEnterEvent, QDragMoveEvent):
            event = kind(at, COPY, self._data, LEFT, NONE)
            QApplication.sendEvent(part, event)
            assert event.isAccepted()
        return self._hint.sentence

    def leaves(self, part: QWidget) -> str:
        QApplication.sendEvent(part, QDragLeaveEvent())
        return self._hint.sentence

    def drops(self, part: QWidget) -> None:
        self.over(part)
        at = QPoint(part.rect().center())
        QApplication.sendEvent(part, QDropEvent(at, COPY, self._data, LEFT, NONE))
        assert self._hint.sentence == ""


@pytest.fixture
def other(tmp_path, residual) -> Path:
    path = tmp_path / "other.json"
    residual.save(path)
    return path


@pytest.mark.parametrize("where", ["canvas", "panel"])
def test_a_graph_dropped_anywhere_is_opened(person, window, other, where):
    part = window.view.viewport() if where == "canvas" else window.training
    hand = Dragged(window, other)
    assert hand.over(part) == "Open other.json"
    hand.drops(part)
    person.waits_until(lambda: window.windowTitle().startswith("other.json"))
    assert window.files.recent == [other]


def test_what_is_said_goes_when_the_file_leaves_the_window(window, other):
    hand = Dragged(window, other)
    hand.over(window.view.viewport())
    assert hand.leaves(window.view.viewport()) == ""


def test_unsaved_changes_are_asked_about_first(person, window, other):
    person.hand.click(person.hand.title("fc1"))
    person.presses("Alt+Down")
    with person.answering(Answer.Cancel) as asked:
        Dragged(window, other).drops(window.view.viewport())
        person.waits_until(lambda: asked)
    assert asked == ["Save the changes to digits_mlp?"]
    assert "fc1" in person.graph.nodes
    assert window.isWindowModified()


def test_dropped_weights_are_gone_on_from(person, window, tmp_path):
    path = tmp_path / "trained.safetensors"
    save_weights(path, Trainer(examples.load_example("digits_mlp")).weights)
    hand = Dragged(window, path)
    assert hand.over(window.view.viewport()) == "Go on from the weights in trained.safetensors"
    hand.drops(window.view.viewport())
    person.waits_for_news("Weights loaded from")


def test_weights_without_a_net_that_runs_are_refused_with_the_reason(person, window, tmp_path):
    path = tmp_path / "trained.safetensors"
    path.touch()
    person.presses("Ctrl+A", "Del")
    person.waits_until(lambda: window.controller.program is None)
    Dragged(window, path).drops(window.view.viewport())
    assert "Weights need a net that can run" in person.toast()


def test_anything_else_is_told_what_can_be_dropped(person, window, tmp_path, other):
    notes = tmp_path / "notes.txt"
    notes.touch()
    can = "Drop a graph (.json) or weights (.safetensors)"
    refused = {
        (notes,): f"notes.txt cannot be opened here. {can}",
        (tmp_path,): f"{tmp_path.name} is a folder. {can}",
        (tmp_path / "gone.json",): f"gone.json is no file on this computer. {can}",
        (notes, other): f"{can}, one file at a time",
    }
    for paths, sentence in refused.items():
        hand = Dragged(window, *paths)
        assert hand.over(window.view.viewport()) == sentence
        hand.drops(window.view.viewport())
        assert sentence in person.toast()
    assert window.windowTitle().startswith("digits_mlp")


def test_a_broken_graph_is_told_and_the_open_one_stays(person, window, tmp_path):
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    Dragged(window, path).drops(window.view.viewport())
    person.waits_for_news("not valid JSON")
    assert window.windowTitle().startswith("digits_mlp")
