"""Groups in the window: made, looked into, left, kept among the layers, expanded."""

import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMessageBox,
)

from explorer.app.own_blocks import BlockDialog
from explorer.graph import blocks, load
from explorer.graph.file import from_text, to_text
from explorer.layers import shape_text

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def person(person, residual):
    person.window.document._replace(residual, None, "residual")
    person.window.view.setFocus()
    return person


@pytest.fixture
def grouped(person):
    """The residual branch as one card, made by a click, a click with Shift, and Ctrl+G."""
    hand = person.hand
    hand.click(hand.title("fc2"))
    hand.click(hand.title("add1"), SHIFT)
    person.presses("Ctrl+G")
    return person


def middle(person, id):
    box = person.window.scene.nodes[id].box
    return person.hand.pixel(box.center())


def shown(person):
    return set(person.window.scene.nodes)


def crumbs(person) -> str:
    bar = person.window.view._breadcrumbs
    return person.reads(bar) if bar.isVisible() else ""


def test_ctrl_g_makes_one_card_with_a_port_for_each_wire_it_cuts(grouped):
    scene = grouped.window.scene
    card = scene.nodes["group1"].card

    assert shown(grouped) == {"data", "fc1", "relu1", "group1", "fc3", "loss"}
    assert [port.name for port in card.inputs] == ["x"]
    assert [(port.name, port.shape) for port in card.outputs] == [("out", "(N, 8)")]
    assert card.parameters == "72 parameters"
    assert "fc2.x" in scene.wires
    assert "add1.b" not in scene.wires, "a wire inside is not seen from outside"
    assert grouped.window.view.selected() == ["group1"]


def test_the_program_stays_as_it_was(person):
    before = person.window.controller.program.source
    hand = person.hand
    hand.click(hand.title("fc2"))
    hand.click(hand.title("add1"), SHIFT)
    person.presses("Ctrl+G")
    person.window.controller.settle()

    assert person.window.controller.program.source == before


def test_double_click_looks_into_it_and_breadcrumbs_lead_back(grouped):
    grouped.double_clicks(grouped.window.view.viewport(), middle(grouped, "group1"))

    assert shown(grouped) == {"fc2", "add1"}
    assert crumbs(grouped).split("\n") == ["Net", "›", "group1"]
    gates = {gate.card.title for gate in grouped.window.scene.gates}
    assert gates == {"relu1", "fc3"}

    grouped.clicks(grouped.button("Back to the whole net", grouped.window.view._breadcrumbs))
    assert "group1" in shown(grouped)
    assert crumbs(grouped) == ""


def test_keys_lead_in_and_out_and_the_view_is_where_it_was(grouped):
    view = grouped.window.view
    view.zoom_in()
    before = view.scale_factor

    grouped.presses("Ctrl+Return")
    assert shown(grouped) == {"fc2", "add1"}
    grouped.presses("Ctrl+Shift+Return")

    assert view.selected() == ["group1"]
    assert view.scale_factor == pytest.approx(before)


def test_a_gate_leads_to_what_is_outside(grouped):
    grouped.presses("Ctrl+Return")
    gate = next(g for g in grouped.window.scene.gates if g.card.title == "relu1")
    view = grouped.window.view

    grouped.double_clicks(view.viewport(), grouped.hand.pixel(gate.box.center()))

    assert grouped.window.scene.level == ""
    assert view.selected() == ["relu1"]


def test_inside_a_group_wires_from_and_to_outside_tell_their_shapes(grouped):
    grouped.presses("Ctrl+Return")
    scene = grouped.window.scene
    leading = [wire for wire in scene.wires.values() if scene.leads_out(wire)]
    assert len(leading) > 1
    for wire in leading:
        assert wire.shape_text == shape_text(grouped.graph.analysis.spec(wire.source).shape)


def test_layers_added_inside_are_in_the_group(grouped):
    grouped.presses("Ctrl+Return")
    hand = grouped.hand
    hand.drop("GELU", hand.empty())
    graph = grouped.graph

    assert graph.nodes["gelu1"].group == "group1"
    hand.drag(hand.port("fc2.out"), hand.port("gelu1.x"))
    assert graph.wires["gelu1.x"].source == "fc2.out"
    grouped.presses("Ctrl+Z", "Ctrl+Z")
    assert "gelu1" not in graph.nodes


def test_a_wire_onto_a_groups_port_feeds_all_that_it_stands_for(grouped):
    hand, graph = grouped.hand, grouped.graph
    hand.drag(hand.port("fc2.x"), hand.empty())
    assert "fc2.x" not in graph.wires
    assert "add1.a" not in graph.wires

    hand.drag(hand.port("relu1.out"), hand.port("fc2.x"))

    assert graph.wires["fc2.x"].source == "relu1.out"
    assert graph.wires["add1.a"].source == "relu1.out"
    grouped.presses("Ctrl+Z", "Ctrl+Z")
    assert graph.wires["add1.a"].source == "relu1.out"


def test_a_port_shows_one_wire_whatever_is_done_inside_and_undone_outside(grouped):
    scene = grouped.window.scene
    inside = ("fc2.x", "add1.a")
    grouped.presses("Ctrl+Return")
    scene.select((), ["fc2.x"])
    grouped.presses("Delete", "Ctrl+Shift+Return")
    assert [target for target in scene.wires if target in inside] == ["add1.a"]

    grouped.presses("Ctrl+Z")
    assert [target for target in scene.wires if target in inside] == ["fc2.x"]

    grouped.presses("Ctrl+Shift+Z")
    assert [target for target in scene.wires if target in inside] == ["add1.a"]
    assert scene.wires["add1.a"].path().pointAtPercent(1) == scene.end_point("add1.a")


def test_groups_nest(grouped):
    hand = grouped.hand
    hand.click(hand.title("group1"))
    hand.click(hand.title("relu1"), SHIFT)
    grouped.presses("Ctrl+G")
    assert shown(grouped) == {"data", "fc1", "group2", "fc3", "loss"}

    grouped.presses("Ctrl+Return")
    assert shown(grouped) == {"relu1", "group1"}
    hand.click(hand.title("group1"))
    grouped.presses("Ctrl+Return")
    assert crumbs(grouped).split("\n") == ["Net", "›", "group2", "›", "group1"]
    grouped.clicks(grouped.button("Back to group2", grouped.window.view._breadcrumbs))
    assert shown(grouped) == {"relu1", "group1"}


def test_undo_while_inside_leads_out_of_a_group_that_is_no_more(grouped):
    grouped.presses("Ctrl+Return")

    grouped.presses("Ctrl+Z")

    assert grouped.window.scene.level == ""
    assert {"fc2", "add1"} <= shown(grouped)
    assert "Undone: group 2 nodes" in grouped.toast()
    grouped.presses("Ctrl+Shift+Z")
    assert "group1" in shown(grouped)


def test_moving_renaming_deleting_and_copying_a_group(grouped):
    hand, graph = grouped.hand, grouped.graph
    before = graph.groups["group1"].position
    hand.drag(hand.title("group1"), hand.title("group1") + (hand.empty() - hand.title("loss")))
    assert graph.groups["group1"].position != before

    hand.key(Qt.Key.Key_F2)
    grouped.types("Skip")
    grouped.presses("Return")
    assert graph.groups["group1"].title == "Skip"
    assert grouped.window.scene.nodes["group1"].card.title == "Skip"

    grouped.presses("Ctrl+C", "Ctrl+V")
    assert graph.groups["group2"].title == "Skip"
    assert '"groups"' in QGuiApplication.clipboard().text()
    assert len(graph.nodes) == 9

    grouped.presses("Delete")
    assert "group2" not in graph.groups
    assert len(graph.nodes) == 7


def test_expanding_puts_the_nodes_back(grouped):
    grouped.presses("Ctrl+Shift+G")

    assert {"fc2", "add1"} == set(grouped.window.view.selected())
    assert not grouped.graph.groups


def test_the_inspector_tells_of_a_group_and_leads_into_it(grouped):
    page = grouped.window.inspector.group_page

    assert grouped.sees("2 nodes with 72 parameters", page)
    grouped.clicks(grouped.button("Enter", page))
    assert shown(grouped) == {"fc2", "add1"}


def test_a_problem_inside_shows_on_the_card_and_the_list_leads_to_it(grouped):
    hand, graph = grouped.hand, grouped.graph
    graph.set("fc2", out_features=5)
    grouped.window.controller.settle()
    assert grouped.window.scene.nodes["group1"].card.severity == "error"

    grouped.window.problems.node_chosen.emit("add1")

    assert grouped.window.scene.level == "group1"
    assert grouped.window.view.selected() == ["add1"]
    del hand


def test_stepping_shows_the_group_at_work(grouped):
    grouped.presses("F10")
    grouped.waits_until(lambda: grouped.window.stepper._position == 1)
    for position in (2, 3, 5):  # the last step is over both nodes of the group
        grouped.presses("F10")
        grouped.waits_until(lambda position=position: grouped.window.stepper._position == position)

    show = grouped.window.view._show
    assert show._overlay.current == "group1"
    assert grouped.window.scene.nodes["group1"].progress == "forward"
    grouped.presses("Ctrl+Return")
    hand = grouped.hand
    hand.click(hand.empty())


def answer_dialog(act, kind=QDialog):
    """Have `act` deal with the next dialog of that kind to open."""

    def deal():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind):
            QTimer.singleShot(20, deal)
            return
        act(dialog)

    QTimer.singleShot(20, deal)


def save_as(person, name: str, then=None) -> None:
    def fill(dialog: BlockDialog) -> None:
        field, text = dialog.findChildren(QLineEdit)
        field.clear()
        QTest.keyClicks(field, name)
        QTest.keyClicks(text, "A linear layer and what skips it.")
        if then is not None:
            answer_dialog(then, QMessageBox)
        box = dialog.findChild(QDialogButtonBox)
        box.button(QDialogButtonBox.StandardButton.Save).click()
        if dialog.isVisible():
            person.refusal = "\n".join(label.text() for label in dialog.findChildren(QLabel))
            QApplication.processEvents()
            person.squeezed = [w for w in (field, text) if w.height() < w.sizeHint().height()]
            dialog.reject()

    answer_dialog(fill, BlockDialog)
    person.presses("Ctrl+Alt+G")
    person.comes_back()


@pytest.fixture
def no_blocks_left(own_files):
    yield
    for path in blocks.own_folder().glob("*.json"):
        path.unlink()


@pytest.mark.usefixtures("no_blocks_left")
def test_a_group_is_kept_among_the_layers_used_again_and_removed(grouped):
    save_as(grouped, "SkipBlock")

    assert "SkipBlock" in blocks.names()
    assert blocks.summary("SkipBlock") == "A linear layer and what skips it."
    palette = grouped.window.palette_panel
    palette.search.setText("skipb")
    assert [entry.text(0) for entry in palette.list.entries()] == ["SkipBlock"]

    hand = grouped.hand
    hand.drop("SkipBlock", hand.empty())
    graph = grouped.graph
    assert graph.groups["group2"].title == "SkipBlock"
    assert len(graph.nodes) == 9
    hand.drag(hand.port("relu1.out"), hand.port("fc4.x"))
    assert graph.wires["add2.a"].source == "relu1.out"

    path = blocks.own_folder() / "SkipBlock.json"
    assert to_text(load(path)).count('"layer"') == 2
    answer_dialog(lambda box: box.button(QMessageBox.StandardButton.Yes).click())
    palette.removal_requested.emit("SkipBlock")
    assert "SkipBlock" not in blocks.names()


@pytest.mark.usefixtures("no_blocks_left")
@pytest.mark.parametrize(
    ("name", "why"),
    [("Linear", "is the name of a layer"), ("my block", "cannot be a block's name"), ("", "name")],
)
def test_a_name_that_cannot_be_is_told_in_the_dialog(grouped, name, why):
    save_as(grouped, name)

    assert why in grouped.refusal
    assert grouped.squeezed == []
    assert not list(blocks.own_folder().glob("*.json"))


@pytest.mark.usefixtures("no_blocks_left")
def test_a_name_that_is_kept_already_is_asked_about(grouped):
    save_as(grouped, "Mine")
    grouped.graph.rename("group1", "Other")
    asked = []

    def refuse(box: QMessageBox) -> None:
        asked.append(box.text())
        box.button(QMessageBox.StandardButton.No).click()

    save_as(grouped, "Mine", then=refuse)

    assert asked == ["There is a block Mine already. Replace it?"]


def test_what_is_no_group_cannot_be_entered_and_is_told(person):
    person.hand.click(person.hand.title("fc1"))

    for name in ("enter_group", "expand_group", "save_group", "leave_group"):
        action = person.window.actions_by_name[name]
        assert not action.isEnabled()
        assert "group" in action.toolTip() or "net" in action.toolTip()


def test_where_one_looked_in_a_group_is_of_that_net_alone(grouped, residual):
    view = grouped.window.view
    grouped.presses("Ctrl+Return")
    for _ in range(4):
        view.zoom_in()
    grouped.presses("Ctrl+Shift+Return")
    other = from_text(to_text(residual))

    grouped.window.document._replace(other, None, "other")
    grouped.window.view.groups.enter("group1")

    entered = view.scale_factor
    view.frame_all()
    assert entered == view.scale_factor, "all of it is in view, as the first time"


def test_where_one_looked_in_a_group_is_forgotten_with_it(grouped):
    view, hand = grouped.window.view, grouped.hand
    grouped.presses("Ctrl+Return")
    view.look_at(QPointF(9000, 9000), 1.0)
    grouped.presses("Ctrl+Shift+Return", "Ctrl+Shift+G")
    hand.click(hand.title("fc1"))
    hand.click(hand.title("relu1"), SHIFT)
    grouped.presses("Ctrl+G", "Ctrl+Return")

    assert shown(grouped) == {"fc1", "relu1"}
    assert view.viewport().rect().contains(hand.title("fc1"))


def test_a_bookmarks_name_stays_out_of_the_commands(grouped):
    grouped.presses("Ctrl+B")
    label = grouped.graph.bookmarks["bookmark1"].label
    assert any(label in words for words in grouped.lists_menu("View", "Bookmarks"))
    assert grouped.window.actions_by_name["bookmark_1"].text() == "Go to bookmark 1"
