"""A person pins tensors, compares them, saves them, and closes what is looked at no more."""

import gc
import weakref

import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from explorer.app import requests
from explorer.app.tensors.compare_view import CompareView
from explorer.program.viewing import Address


def pins(room):
    return [e for e in room.panel.names.entries if e.label.kind == "pin"]


def pin(room):
    """Pin what is open by the button; the pin."""
    before = len(pins(room))
    room.clicks(room.button("Pin"))
    room.waits_until(lambda: len(pins(room)) > before)
    return pins(room)[-1]


def names_file(monkeypatch, path, kind="") -> list[str]:
    suggested: list[str] = []

    def ask(parent, title, start="", kinds=""):
        suggested.append(start)
        return str(path), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(ask))
    return suggested


def test_a_pin_keeps_what_a_step_changes_and_the_difference_is_the_step(room):
    before = room.session.parameters["fc1.w"].clone()
    room.opens("fc1_w")
    kept = pin(room)
    assert kept.label.title.startswith("fc1.w at step 0")
    assert "Pinned fc1.w at step 0" in room.told[-1]
    assert room.panel.names._pinned.text() == "Pins take 16.0 KiB"
    room.desk.ask(requests.NextBatch())
    room.waits_until(lambda: not torch.equal(room.session.parameters["fc1.w"], before))
    now = room.session.parameters["fc1.w"]

    room.clicks(room.button("Compare"))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    first = menu.actions()[0]
    assert not first.isSeparator()
    assert first.text(), "the menu opens with the name of its first group"
    assert not first.isEnabled()
    action = next(a for a in menu.actions() if a.text().startswith("fc1.w at step 0"))
    room.clicks(menu, menu.actionGeometry(action).center())
    compared = room.view
    assert isinstance(compared, CompareView)
    room.waits_until(lambda: room.panel._tabs.tabText(1).startswith("fc1.w and fc1.w at step 0"))
    room.waits_until(lambda: compared.other.page.table.model().index(0, 0).data() != "…")
    assert float(compared.other.page.table.model().index(0, 0).data()) == pytest.approx(
        before[0, 0].item(), rel=1e-3
    )

    room.clicks(room.button("Difference"))
    room.waits_until(lambda: "norm" in compared.less._strip.text)
    norm = float(compared.less._strip.text.split("norm ")[1].split(",")[0])
    assert norm == pytest.approx((now - before).norm().item(), rel=1e-3)


def test_two_tensors_side_by_side_are_cut_scrolled_and_walked_as_one(room):
    room.put(torch.randn(4, 50, 60), "fc1")
    room.put(torch.randn(4, 50, 60), "fc2")
    room.panel.compare(Address("fc1"), Address("fc2"))
    one, other, _ = room.view.views
    room.waits_until(lambda: one.sight and other.sight)
    spin = room.named("Index of axis 0", one)
    spin.setFocus()
    room.presses("Up", "Up")
    assert other.sight.cut == one.sight.cut
    one.page.table.verticalScrollBar().setValue(20)
    assert other.page.table.verticalScrollBar().value() == 20
    one.go_to((2, 40, 3))
    assert other.page.table.currentIndex().row() == 40
    room.clicks(room.button("Heat map", one))
    assert other.way == "Heat map"
    assert room.chosen == [("fc1", (2, 40, 3))]


def test_why_two_tensors_have_no_difference_is_told(room):
    room.panel.compare(Address("fc1"), Address("fc2"))
    compared = room.view
    room.waits_until(lambda: compared.one.sight and compared.other.sight)
    room.clicks(room.button("Difference"))
    nothing = compared.less._nothing

    room.waits_until(lambda: "(32, 64) and the other (32, 10)" in nothing.text)


def test_a_pin_is_let_go_by_del_and_its_view_says_so(room):
    room.opens("fc1_w")
    kept = pin(room)
    room.panel.open(kept.address)
    view = room.view
    room.waits_until(lambda: view.sight)
    assert not room.button("Pin").isEnabled()
    tree = room.panel.names._tree
    room.panel.names._search.setText("at step 0")
    group = tree.model().index(0, 0)
    tree.setCurrentIndex(tree.model().index(0, 0, group))
    tree.setFocus()
    room.presses("Del")
    room.waits_until(lambda: not pins(room))

    view.refresh()
    room.waits_until(lambda: "This pin was let go" in view._notice.text)
    assert room.panel.names._pinned.isHidden()


@pytest.mark.parametrize("ending", [".npy", ".csv"])
def test_a_tensor_is_saved_and_read_back(room, monkeypatch, tmp_path, ending):
    suggested = names_file(monkeypatch, tmp_path / f"fc1{ending}")
    room.opens()
    room.clicks(room.button("Save"))
    path = tmp_path / f"fc1{ending}"
    room.waits_until(path.exists)

    assert suggested == ["fc1.out.npy"]
    read = np.load(path) if ending == ".npy" else np.loadtxt(path, delimiter=",")
    assert np.array_equal(read.astype(np.float32), room.session.value("fc1.out").numpy())


def test_a_name_without_an_ending_takes_that_of_the_chosen_kind(room, monkeypatch, tmp_path):
    names_file(monkeypatch, tmp_path / "mine", "Table (*.csv)")
    room.opens()
    room.panel.answers["save_tensor"]()

    room.waits_until((tmp_path / "mine.csv").exists)


def test_a_disk_that_cannot_be_written_to_is_told(room, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    names_file(monkeypatch, tmp_path / "file" / "fc1.npy")
    room.opens()
    told: list[str] = []
    room.desk.worker.told.connect(lambda event: told.append(getattr(event, "sentence", "")))
    room.clicks(room.button("Save"))

    room.waits_until(lambda: any("cannot be written" in sentence for sentence in told))


def test_a_long_save_shows_how_far_it_is_and_can_be_stopped(room, monkeypatch, tmp_path):
    room.put(torch.zeros(20_000_000))
    names_file(monkeypatch, tmp_path / "fc1.csv")
    room.opens()
    room.clicks(room.button("Save"))
    bar = room.panel._saving
    room.waits_until(bar.isVisible)
    assert bar._what.text() == "Saving fc1.csv"
    room.clicks(bar._stop)
    room.waits_until(bar.isHidden)

    assert list(tmp_path.iterdir()) == []


def test_closed_tabs_leave_nothing_behind(room):
    room.put(torch.randn(4, 3, 20, 20))

    def open_all_and_close() -> list[weakref.ref]:
        view = room.opens("fc1")
        for way in ("Heat map", "Histogram", "Images", "Curves"):
            room.clicks(room.button(way))
            room.qtbot.wait(20)
        gone = [weakref.ref(page) for page in view._pages.values()] + [weakref.ref(view)]
        room.clicks(room.button("Close", room.panel._tabs.tabBar()))
        return gone

    gone = open_all_and_close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [ref for ref in gone if ref() is not None] == []
    room.waits_until(lambda: room.panel._spare.is_ready)
    widgets = len(QApplication.allWidgets())
    for _ in range(3):
        open_all_and_close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    room.waits_until(lambda: room.panel._spare.is_ready)
    assert len(QApplication.allWidgets()) <= widgets + 5
    assert room.client._waiting == {}
    assert isinstance(room.panel, QWidget) and room.panel.current is None


def test_what_cannot_be_seen_asks_for_nothing(room):
    room.opens("fc1")
    room.opens("fc2")
    before = room.looks()
    room.panel.open_tabs[0].refresh()
    assert room.looks() == before
    room.panel.open(Address("fc1"))
    room.waits_until(lambda: room.looks() > before)


def test_weights_follow_while_training_changes_them(room):
    room.opens("fc2_w")
    room.shows(room.session.parameters["fc2.w"])
    first = room.text(0, 0)
    room.desk.ask(requests.Train())
    room.waits_until(lambda: room.text(0, 0) not in (first, "…"))
    room.desk.ask(requests.Pause())
    room.waits_until(lambda: not room.panel._live.isActive())
    room.shows(room.session.parameters["fc2.w"])


def test_values_stay_as_seen_last_while_training_runs(room):
    view = room.opens("fc1")
    shown = room.session.value("fc1.out").clone()
    room.shows(shown)
    room.desk.ask(requests.Train())
    room.waits_until(lambda: "only kept while stepping" in view._notice.text)

    assert float(room.text(0, 0)) == pytest.approx(shown[0, 0].item(), rel=1e-3)
    room.desk.ask(requests.Pause())


def test_keys_do_what_the_buttons_do(room, monkeypatch, tmp_path):
    room.opens("fc1")
    answers = room.panel.answers
    answers["go_to_index"]()
    QTest.keyClicks(QApplication.focusWidget(), "3, 3")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert room.chosen[-1] == ("fc1", (3, 3))
    answers["pin_tensor"]()
    room.waits_until(lambda: pins(room))
    answers["close_tensor"]()
    assert room.panel.current is None
    answers["pin_tensor"]()
    assert room.refused[-1] == "Open a tensor first"
