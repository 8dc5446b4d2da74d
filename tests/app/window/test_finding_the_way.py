"""Find, the map and bookmarks: ways around a net that is larger than the window."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from explorer.graph.file import to_text
from explorer.graph.grouping import grouping

from ..hand import LEFT, NONE


@pytest.fixture
def person(person):
    person.window.files.open_example("residual_digits")
    person.window.view.setFocus()
    return person


def test_ctrl_f_goes_from_hit_to_hit(person):
    view = person.window.view
    person.presses("Ctrl+F")
    person.types("relu")

    assert view.selected() == ["relu1"]
    assert person.sees("1 of", view.find_bar)
    person.presses("Return")
    assert view.selected() == ["relu2"]
    person.presses("Shift+Return")
    assert view.selected() == ["relu1"]
    person.presses("Esc")
    assert not view.find_bar.isVisible()
    assert view.hasFocus()
    assert view.selected() == ["relu1"]


def test_hits_come_and_go_with_what_is_found(person):
    bar = person.window.view.find_bar
    person.presses("Ctrl+F")
    person.types("conv2d")
    count = bar.list.count()

    person.graph.remove("conv3")
    assert bar.list.count() == count - 1
    assert person.sees(f"1 of {count - 1}", bar)
    person.graph.undo()
    assert bar.list.count() == count
    assert person.window.view.selected() == ["conv1"]


def test_a_hit_in_the_list_is_clicked(person):
    bar = person.window.view.find_bar
    person.presses("Ctrl+F")
    person.types("conv2d")

    person.clicks(bar.list.viewport(), bar.list.visualItemRect(bar.list.item(2)).center())

    assert person.window.view.selected() == ["conv3"]


def test_what_is_nowhere_is_said_to_be_so(person):
    person.presses("Ctrl+F")
    person.types("lstm")
    assert person.sees("Nothing found", person.window.view.find_bar)


def test_a_node_in_a_group_is_found_and_its_group_entered(person):
    edit, group = grouping(person.graph, ["conv2", "bn2"])
    person.graph.do(edit)
    person.presses("Ctrl+F")
    person.types("conv2")

    hits = person.window.view.find_bar._hits
    assert hits[0].id == "conv2"
    assert person.window.scene.level == group
    assert person.window.view.selected() == ["conv2"]


def test_hits_that_are_deleted_are_forgotten(person):
    person.presses("Ctrl+F")
    person.types("conv2")
    person.graph.remove("conv2")
    assert "conv2" not in {hit.id for hit in person.window.view.find_bar._hits}


def test_the_map_shows_where_one_looks_and_leads_elsewhere(person):
    view = person.window.view
    view.frame_all()
    assert not view.minimap.isVisible(), "all can be seen: no map is needed"
    view.look_at(view.graph_scene.bounds().topLeft(), 1.0)
    assert view.minimap.isVisible()

    corner = view.minimap.rect().bottomRight() - QPoint(8, 8)
    QTest.mouseClick(view.minimap, LEFT, NONE, corner)

    seen = view.minimap._seen().center()
    assert seen.x() > view.graph_scene.bounds().center().x()
    assert seen.y() > view.graph_scene.bounds().center().y()


def test_the_map_can_be_put_away_and_stays_so(person, open_it):
    view = person.window.view
    view.look_at(view.graph_scene.bounds().topLeft(), 1.0)
    person.presses("Ctrl+M")
    assert not view.minimap.isVisible()

    other = open_it()
    assert not other.actions_by_name["minimap"].isChecked()


def test_a_bookmark_leads_back_by_its_number(person):
    view = person.window.view
    place = view.graph_scene.nodes["conv4"].box.center()
    view.look_at(place, 1.3)
    person.presses("Ctrl+B")
    assert "Bookmark conv4 added: press 1 to come back" in person.told
    view.frame_all()

    person.presses("1")

    assert view.scale_factor == pytest.approx(1.3)
    middle = view.to_scene(view.viewport().rect().center().toPointF())
    assert (middle - place).manhattanLength() < 4


def test_bookmarks_are_kept_in_the_file_deleted_and_undone(person):
    person.presses("Ctrl+B")
    assert '"bookmarks"' in to_text(person.graph)
    person.chooses("View", "Bookmarks", "Delete", person.graph.bookmarks["bookmark1"].label)
    assert not person.graph.bookmarks
    person.presses("Ctrl+Z")
    assert list(person.graph.bookmarks) == ["bookmark1"]
    person.presses("Ctrl+Z")
    assert not person.graph.bookmarks


def test_a_bookmark_that_is_not_there_is_told(person):
    person.presses("5")
    assert any("no bookmark 5" in words for words in person.told)
