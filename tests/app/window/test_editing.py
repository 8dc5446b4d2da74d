"""A person changes a net in the window by keys and menus; what runs and what is told follow."""

from PySide6.QtCore import QPoint

from explorer.app.canvas.step_show import LiveWire


def live(person) -> set[str]:
    """The wires that the current call's data runs along."""
    scene = person.hand.scene
    flows = [item.path() for item in scene.items() if isinstance(item, LiveWire)]
    return {target for target, wire in scene.wires.items() if wire.path() in flows}


def test_a_muted_node_is_stepped_past_along_the_wires_around_it(person, window):
    person.hand.click(person.hand.title("relu1"))
    person.presses("M")
    window.controller.settle()
    assert "relu1" not in {call.node for call in window.controller.program.calls}
    assert "relu1" not in window.code.text
    assert person.sees("Muted: its first input goes on", window.inspector)
    person.presses("F10", "F10", "F10", "F10")
    person.waits_until(lambda: live(person) == {"relu1.x", "fc2.x"})
    assert person.hand.scene.nodes["relu1"].progress == "none"
    person.presses("Shift+F8")
    wires = person.hand.scene.wires
    person.waits_until(lambda: person.hand.scene.nodes["fc1"].progress == "backward")
    assert wires["relu1.x"].pen().color() == wires["fc2.x"].pen().color()


def test_the_menu_says_which_way_muting_and_collapsing_go(person):
    person.hand.click(person.hand.title("relu1"))
    assert {"Mute", "Collapse"} <= set(person.right_clicks(person.hand.title("relu1"), "Mute"))
    person.presses("H")
    assert {"Unmute", "Unfold"} <= set(person.right_clicks(person.hand.title("relu1"), "Unmute"))
    assert person.graph.history.undo_label == "Unmute relu1"


def test_nobody_can_run_to_a_muted_node(person):
    person.hand.click(person.hand.title("relu1"))
    person.presses("M", "Ctrl+F9")
    person.waits_for_news("relu1 has no call in this program")


def test_a_muted_node_that_is_changed_does_not_end_the_run(person, window):
    person.hand.click(person.hand.title("relu1"))
    person.presses("M")
    person.trains_until(20)
    person.pauses()
    steps = window.controller.steps
    person.presses("H")
    person.graph.rename("relu1", "Bend")
    window.controller.settle()
    assert window.controller.steps == steps
    person.presses("M")
    person.waits_for_news("training starts afresh")


def test_where_cards_stand_is_nothing_to_compile_and_what_they_compute_is(person, window):
    controller, graph = window.controller, person.graph
    before = controller.program
    graph.move({"fc1": (5.0, 5.0)})
    controller.settle()
    assert controller.program is before

    graph.rename("fc1", "Hidden")
    controller.settle()
    assert '"Hidden"' in controller.program.source
    graph.set("fc1", bias=False)
    controller.settle()
    assert "fc1.b" not in controller.program.parameters
    graph.undo()
    controller.settle()
    assert "fc1.b" in controller.program.parameters


def test_aligning_is_in_a_menu_of_its_own_and_open_to_two_or_more(person, window):
    align, spread = (window.actions_by_name[n] for n in ("align_top", "distribute_across"))
    person.hand.click(person.hand.title("fc1"))
    assert not align.isEnabled()
    assert "Select two nodes or more" in align.toolTip()
    window.view.select(["fc1", "relu1"])
    assert align.isEnabled()
    assert not spread.isEnabled()
    window.view.select(["fc1", "relu1", "fc2"])
    assert spread.isEnabled()
    start = person.hand.title("relu1")
    person.hand.drag(start, start + QPoint(0, 60))
    person.chooses("Edit", "Align", "Align top")
    assert len({person.graph.nodes[id].position[1] for id in ("fc1", "relu1", "fc2")}) == 1


def test_the_grid_is_switched_by_a_key_and_is_as_it_was_at_the_next_start(person, window, open_it):
    person.presses("Shift+G")
    assert window.actions_by_name["snap_to_grid"].isChecked()
    start = person.hand.title("loss")
    person.hand.drag(start, start + QPoint(37, 91))
    assert all(place % 20 == 0 for place in person.graph.nodes["loss"].position)
    again = open_it()
    assert again.view.snapping.to_grid
    assert again.actions_by_name["snap_to_grid"].isChecked()
