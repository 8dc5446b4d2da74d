"""What the whole program shares tells of its changes those who still live, and no one else."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QLabel

from explorer.app.listeners import Listeners


@pytest.fixture
def listeners() -> Listeners:
    return Listeners()


class Counter(QObject):
    times = 0

    def count(self) -> None:
        self.times += 1


def test_every_listener_is_told_each_time_in_the_order_in_which_they_came(listeners):
    told = []

    class Named:
        def __init__(self, name: str):
            self.name = name

        def note(self) -> None:
            told.append(self.name)

    first, second = Named("first"), Named("second")
    listeners.connect(first.note)
    listeners.connect(second.note)
    listeners.emit()
    listeners.emit()
    assert told == ["first", "second"] * 2


def test_a_method_of_qts_own_can_be_called(listeners, qtbot):
    label = QLabel("words")
    qtbot.addWidget(label)
    listeners.connect(label.clear)
    listeners.emit()
    assert label.text() == ""


def test_what_qt_has_deleted_is_not_told_though_python_still_knows_it(listeners, qapp):
    counter = Counter()
    listeners.connect(counter.count)
    counter.deleteLater()
    QCoreApplication.sendPostedEvents(counter, QEvent.Type.DeferredDelete)
    listeners.emit()
    assert counter.times == 0


def test_nothing_is_kept_alive_or_remembered_by_being_told(listeners, qapp):
    counter = Counter()
    listeners.connect(counter.count)
    del counter
    assert listeners._methods == []
    listeners.emit()


def test_one_may_go_while_others_are_told(listeners, qapp):
    left = {"counter": Counter()}

    class Takes:
        def away(self) -> None:
            del left["counter"]

    takes, other = Takes(), Counter()
    for method in (takes.away, left["counter"].count, other.count):
        listeners.connect(method)
    del method
    listeners.emit()
    assert left == {} and other.times == 1
