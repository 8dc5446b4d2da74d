"""A person draws in the window: layers from the palette, keys, menus, and text fields beside it."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolBar, QToolButton

from explorer.app.canvas.palette import mime_of
from explorer.graph import examples

from ..hand import LEFT, NONE


def drops(person, kind: str, at: QPoint) -> None:
    """What a drag from the palette tells the canvas, event by event."""
    viewport, copy = person.window.view.viewport(), Qt.DropAction.CopyAction
    data = mime_of(kind)
    for event in (
        QDragEnterEvent(at, copy, data, LEFT, NONE),
        QDragMoveEvent(at, copy, data, LEFT, NONE),
        QDropEvent(QPointF(at), copy, data, LEFT, NONE),
    ):
        QApplication.sendEvent(viewport, event)
        assert event.isAccepted()


def tool(window, name: str) -> QToolButton:
    """A command's button in the tool bar."""
    return window.findChild(QToolBar).widgetForAction(window.actions_by_name[name])


def places(person) -> dict:
    return {id: node.position for id, node in person.graph.nodes.items()}


def test_a_layer_is_searched_for_and_added_with_enter(person, window):
    person.presses("Ctrl+Shift+F")
    assert QApplication.focusWidget() is window.palette_panel.search
    person.types("dense")
    person.presses("Return")
    assert person.graph.nodes["fc3"].kind == "Linear"
    assert window.view.selected() == ["fc3"]
    assert person.toast() == "Added fc3"
    person.presses("Esc")
    person.types("nonsense")
    assert person.sees("No layer matches “nonsense”. Esc clears the search.", window.palette_panel)


def test_a_wire_is_seen_beside_its_shape(window):
    for wire in window.scene.wires.values():
        box = wire.label.mapRectToScene(wire.label.boundingRect())
        points = [wire.path().pointAtPercent(part / 100) for part in range(101)]
        assert sum(not box.contains(point) for point in points) > 30, wire.target


def test_no_tooltip_breaks_a_shape_into_lines(person, window):
    whole = "(N,\N{NO-BREAK SPACE}64)"
    hand, scene = person.hand, window.scene
    wire = scene.wires["fc1.x"].path().pointAtPercent(0.5)
    assert whole in scene.tip_at(window.view.mapToScene(hand.port("flatten.out")))
    assert whole in scene.tip_at(wire)
    hand.drag(hand.port("flatten.out"), hand.port("loss.y"))
    fault = scene.tip_at(scene.nodes["loss"].box.center())
    assert whole in fault
    assert "(N, " not in fault


def test_the_palette_comes_back_to_be_searched_when_it_was_closed(person, window):
    person.chooses("View", "Panels", "Layers")
    assert window.docks["Layers"].isHidden()
    person.presses("Ctrl+Shift+F")
    assert window.docks["Layers"].isVisible()
    assert QApplication.focusWidget() is window.palette_panel.search


def test_a_double_click_adds_beside_the_selected_node_and_wires_it(person, window):
    person.presses("Ctrl+N")
    layers = window.palette_panel.list
    for kind in ("Data", "Linear", "ReLU"):
        entry = next(item for item in layers.entries() if item.text(0) == kind)
        layers.scrollToItem(entry)
        person.double_clicks(layers.viewport(), layers.visualItemRect(entry).center())
    assert person.graph.wires["relu1.x"].source == "fc1.out"
    assert "fc1.x" not in person.graph.wires, "a Data node has two outputs"
    assert person.graph.nodes["relu1"].position[0] > person.graph.nodes["fc1"].position[0]
    assert "Added relu1, wired to fc1.out" in person.toast()


def test_a_layer_is_dragged_onto_the_canvas(person, window):
    at = person.hand.empty()
    drops(person, "Sigmoid", at)
    assert person.hand.scene.nodes["sigmoid1"].box.contains(window.view.to_scene(QPointF(at)))
    assert QApplication.focusWidget() is window.view
    person.presses("Del")
    assert "sigmoid1" not in person.graph.nodes


def test_del_deletes_and_undo_and_redo_name_what_they_do(person, window):
    undo, redo = tool(window, "undo"), tool(window, "redo")
    assert not undo.isEnabled()
    assert undo.toolTip() == "Nothing to undo (Ctrl+Z)"
    person.hand.click(person.hand.title("relu1"))
    person.presses("Del")
    assert "relu1" not in person.graph.nodes
    assert undo.toolTip() == "Undo delete relu1 (Ctrl+Z)"
    assert undo.text() == "Undo"
    assert "Undo delete relu1" in person.lists_menu("Edit")
    person.presses("Ctrl+Z")
    assert set(person.graph.wires) >= {"relu1.x", "fc2.x"}
    assert person.toast() == "Undone: delete relu1"
    assert redo.toolTip() == "Redo delete relu1 (Ctrl+Shift+Z)"
    assert not undo.isEnabled()
    person.clicks(redo)
    assert "relu1" not in person.graph.nodes
    assert person.toast() == "Done again: delete relu1"
    person.clicks(undo)
    person.presses("Ctrl+Y", "Ctrl+Z")
    assert "relu1" in person.graph.nodes
    assert not window.isWindowModified()


def test_select_all_takes_nodes_and_wires(person, window):
    person.presses("Ctrl+A")
    assert set(window.view.selected()) == set(person.graph.nodes)
    person.presses("Del")
    assert not person.graph.nodes
    assert window.view._hint.isVisible()
    assert person.sees("0 nodes · 0 parameters", window.statusBar())
    person.presses("Ctrl+Z")
    assert len(person.graph.wires) == 6


def test_arrange_lays_the_nodes_out_as_one_step(person, window):
    before = places(person)
    start = person.hand.title("fc1")
    person.hand.drag(start, start + QPoint(60, 90))
    moved = places(person)
    person.presses("Esc", "Ctrl+L")
    arranged = places(person)
    assert arranged != moved
    across = [arranged[id][0] for id in before]
    assert across == sorted(across)
    assert window.actions_by_name["undo"].text() == "Undo arrange nodes"
    shown = window.view.mapToScene(window.view.viewport().rect()).boundingRect()
    assert shown.contains(person.hand.scene.bounds())
    person.presses("Ctrl+Z")
    assert places(person) == moved
    person.presses("Ctrl+Z")
    assert places(person) == before


def test_arrange_top_down_with_one_key(person, window):
    person.presses("Shift+L")
    down = places(person)
    assert len({x for x, _ in down.values()}) == 1
    assert window.actions_by_name["undo"].text() == "Undo arrange nodes top down"
    person.presses("L")
    assert len({x for x, _ in places(person).values()}) == len(down)
    person.presses("Ctrl+Z", "Shift+L")
    assert places(person) == down


def test_the_zoom_keys(person, window):
    view = window.view
    start = view.scale_factor
    person.presses("Ctrl++")
    assert view.scale_factor > start
    person.presses("Ctrl+-", "Ctrl+-")
    assert view.scale_factor < start
    person.presses("Ctrl+=", "Ctrl+0")
    assert view.scale_factor == 1
    person.presses("Ctrl+0", *["Ctrl++"] * 9, "Home")
    assert view.scale_factor == pytest.approx(start)
    person.hand.click(person.hand.title("loss"))
    person.presses("F")
    middle = view.to_scene(QPointF(view.viewport().rect().center()))
    assert person.hand.scene.nodes["loss"].box.contains(middle)


def shown(window):
    return window.view.mapToScene(window.view.viewport().rect()).boundingRect()


def test_the_whole_net_stays_in_view_while_the_window_is_resized(person, window):
    person.presses("Home")
    window.resize(1000, 700)
    person.qtbot.wait(1)
    assert shown(window).contains(person.hand.scene.bounds())


def test_a_large_net_opens_with_its_beginning_large_enough_to_read(person, window):
    window.resize(1000, 700)
    window.files.open_example("transformer_text")
    person.qtbot.wait(1)
    assert window.view.scale_factor >= 0.5
    assert shown(window).contains(person.hand.scene.nodes["data"].box)
    person.presses("Home")
    assert window.view.scale_factor < 0.5


def test_every_starter_graph_opens_with_words_on_its_cards_and_wires(person, window):
    window.resize(1440, 900)
    for name in examples.names():
        window.files.open_example(name)
        person.qtbot.wait(1)
        card = next(iter(window.scene.nodes.values())).box
        ports = QRectF(card.left() + 10, card.top() + 44, card.width() - 24, 18)
        room = window.view.mapFromScene(ports).boundingRect()
        seen = window.view.viewport().grab(room).toImage()
        colours = {seen.pixel(x, y) for x in range(seen.width()) for y in range(seen.height())}
        assert len(colours) > 1, f"{name}: no port has a name"
        assert window.scene.labels.are_shown, name


def test_a_net_that_is_hardly_wider_than_the_canvas_opens_whole(person, window):
    window.resize(1440, 900)
    window.files.open_example("spiral")
    person.qtbot.wait(1)
    assert shown(window).contains(person.hand.scene.bounds())


def test_the_context_menu_of_a_node_and_of_the_canvas(person, window):
    offered = person.right_clicks(person.hand.title("fc1"))
    for choice in ("Run to node", "Rename", "Replace with…", "Mute", "Duplicate", "Group"):
        assert choice in offered
    assert "Straighten wire" not in offered
    assert window.view.selected() == ["fc1"]
    person.right_clicks(person.hand.title("relu1"), "Delete")
    assert "relu1" not in person.graph.nodes
    offered = person.right_clicks(person.hand.empty(), "Select all")
    assert [choice for choice in offered if choice] == [
        *("Add a layer…", "Add a note", "Paste", "Select all", "Show all", "Find…"),
        *("Arrange", "Arrange top down"),
    ]
    assert len(window.view.selected()) == 5


def test_wires_are_drawn_with_the_mouse_and_refusals_are_told(person, window):
    person.hand.drag(person.hand.port("loss.y"), person.hand.empty())
    assert person.toast() == "loss.y is no longer connected"
    person.hand.drag(person.hand.port("data.y"), person.hand.port("loss.y"))
    assert person.toast() == "loss.y now reads data.y"
    person.hand.drag(person.hand.port("relu1.out"), person.hand.port("fc1.x"))
    assert "would close a cycle" in person.toast()
    assert person.toast().startswith("⚠")


EDITING = ("Home", "Right", "Left", "Up", "Down", "Del", "Backspace", "Ctrl+A", "F", "Shift+Left")


def untouched(person):
    """What keys in a text field must leave as it is."""
    view = person.window.view
    return places(person), sorted(person.graph.wires), view.selected(), view.scale_factor


@pytest.mark.parametrize("where", ["name", "width", "learning rate", "search", "seed"])
def test_keys_in_a_text_field_edit_the_text_and_never_the_net(person, window, where):
    person.hand.click(person.hand.title("fc1"))
    field = {
        "name": lambda: person.labelled("Name", window.inspector, QLineEdit),
        "width": lambda: person.field("out_features", window.inspector),
        "learning rate": lambda: person.field("learning_rate", window.training),
        "search": lambda: window.palette_panel.search,
        "seed": lambda: person.field("seed", window.training),
    }[where]()
    person.clicks(field)
    before = untouched(person)
    for keys in EDITING:
        if where == "width" and keys in ("Up", "Down"):
            continue
        person.presses(keys)
        assert untouched(person) == before, keys
        assert QApplication.focusWidget() is field
    assert person.graph.history.undo_label is None


def test_undo_in_a_text_field_takes_back_the_typing_only(person, window):
    person.hand.click(person.hand.title("relu1"))
    person.presses("Alt+Right")
    person.hand.click(person.hand.title("fc1"))
    name = person.labelled("Name", window.inspector, QLineEdit)
    person.fills(name, "abc", then="")
    person.presses("Ctrl+Z")
    assert name.text() != "abc"
    person.presses("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert person.graph.history.undo_label == "Move relu1"
    assert person.graph.nodes["fc1"].title == ""


def test_select_all_and_del_in_the_code_are_about_the_code(person, window):
    person.hand.click(person.hand.title("fc1"))
    person.clicks(window.code._view.viewport())
    chosen = window.view.selected()
    person.presses("Ctrl+A")
    assert window.view.selected() == chosen
    selected = window.code._view.textCursor().selectedText()
    assert "layers.Linear.forward" in selected
    person.presses("Del", "Home")
    assert len(person.graph.nodes) == 6


def test_the_code_can_be_copied_and_saved(person, window, tmp_path, no_folder):
    person.clicks(person.button("Copy", window.code))
    assert QApplication.clipboard().text() == window.code.text
    assert person.sees("Copied", window.code)
    person.will_name(tmp_path / "net.py")
    person.clicks(person.button("Save", window.code))
    assert (tmp_path / "net.py").read_text(encoding="utf-8") == window.code.text
    assert person.sees("Saved as net.py", window.code)
    person.will_name(no_folder / "net.py")
    person.presses("Ctrl+Shift+E")
    assert person.sees("net.py cannot be written", window.code)


def test_the_curves_can_be_saved_as_numbers_and_picture(person, window, tmp_path, no_folder):
    assert not person.button("Save", window.plots).isEnabled()
    person.fills(person.field("epochs", window.training), "1")
    person.presses("F5")
    person.waits_until(lambda: person.sees("step 45", window.plots))
    for name in ("curves.csv", "curves.png"):
        person.will_name(tmp_path / name)
        person.clicks(person.button("Save", window.plots))
        assert person.sees(f"Saved as {name}", window.plots)
    for name in ("curves.csv", "curves.png"):
        person.will_name(no_folder / name)
        person.clicks(person.button("Save", window.plots))
        assert person.sees(f"no_folder/{name} cannot be written", window.plots)
    assert len((tmp_path / "curves.csv").read_text(encoding="utf-8").splitlines()) == 46
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    window.plots.setFocus()
    QTest.keyClick(window.plots, Qt.Key.Key_L)
    assert person.button("Logarithmic scale", window.plots).isChecked()


def test_help_says_what_this_is(person, window):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QMessageBox

    seen = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QMessageBox)
        seen.append(dialog.text())
        dialog.reject()

    QTimer.singleShot(100, look)
    person.chooses("Help", "About")
    person.comes_back()
    assert "walk through its backward pass" in seen[0]


def test_a_first_window_fits_a_small_screen(window):
    assert (window.width(), window.height()) == (1440, 900)
    assert window.minimumSizeHint().width() <= 1280
