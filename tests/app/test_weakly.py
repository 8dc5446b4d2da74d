"""A slot of an object that Python collects is not called on what is left of it."""

import gc

import shiboken6
from PySide6.QtCore import QObject, Signal

from explorer.app.canvas import GraphScene
from explorer.app.weakly import weakly
from tests.nets import residual


class Listener(QObject):
    said = Signal(str)

    def __init__(self, heard: list[str]):
        super().__init__()
        self.heard, self.itself = heard, self
        self.said.connect(weakly(self.hear))

    def hear(self, words: str) -> None:
        self.heard.append(words)


def test_it_is_called_with_what_the_signal_says_while_it_lives(qapp):
    heard: list[str] = []
    listener = Listener(heard)
    listener.said.emit("here")
    assert heard == ["here"]


def test_it_is_neither_kept_alive_nor_called_once_it_is_collected(qapp):
    heard: list[str] = []
    listener = Listener(heard)
    slot = weakly(listener.hear)
    del listener
    gc.collect()
    slot("gone")
    assert heard == []


def test_a_scene_that_qt_deletes_is_not_told_that_its_cards_are_not_selected_any_more(qapp, capfd):
    scene = GraphScene(residual())
    scene.select(["fc1"])
    shiboken6.delete(scene)
    assert capfd.readouterr().err == ""


def test_nothing_that_qt_calls_of_a_scene_is_kept_where_the_collector_empties_it(qapp):
    scene = GraphScene(residual())
    own = scene.metaObject()
    names = [own.method(i).name().data() for i in range(own.methodOffset(), own.methodCount())]
    assert b"build" not in names and b"_tell_selection" not in names
