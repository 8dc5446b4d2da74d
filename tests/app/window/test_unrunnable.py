"""A net that cannot run: the window says what is wrong and where, and works again once mended."""

from time import sleep

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidget

from ..hand import MIDDLE


def mismatch(person):
    """fc2 gives three numbers where the loss wants one."""
    person.hand.click(person.hand.title("fc2"))
    person.fills(person.field("out_features", person.window.inspector), "3")


def no_loss(person):
    person.hand.click(person.hand.title("loss"))
    person.presses("Del")


def unconnected(person):
    person.hand.drag(person.hand.port("fc1.x"), person.hand.empty())


def two_losses(person):
    person.hand.drop("Sum", person.hand.empty())
    person.hand.drag(person.hand.port("fc1.out"), person.hand.port("sum1.x"))


def wrong_labels(person):
    person.hand.click(person.hand.title("data"))
    person.picks(person.field("labels", person.window.inspector), "class")


FAULTS = {
    "mismatch": (mismatch, "loss", "expects the shape of y, (N, 1); it gets (N, 3)"),
    "no_loss": (no_loss, "y_hat", "there is no loss"),
    "unconnected": (unconnected, "fc1", "fc1.x is not connected"),
    "two_losses": (two_losses, "sum1", "several outputs could be the loss"),
    "wrong_labels": (wrong_labels, "loss", "class"),
}
EVERY_FAULT = pytest.mark.parametrize("fault", FAULTS)
STEPS = ("Step over", "Run to loss", "Run to first layer", "Restart", "Next batch")


@pytest.fixture
def moons(person):
    """The two moons' net, which runs."""
    person.opens_example("modular_two_layer")
    return person


def breaks(person, fault: str) -> str:
    """Do what breaks the net; the sentence that its first problem should say."""
    act, node, words = FAULTS[fault]
    act(person)
    person.waits_until(lambda: person.window.controller.program is None)
    problem = person.graph.problems()[0]
    assert problem.node == node
    assert words in str(problem)
    return problem.message


def works(person) -> None:
    """It trains and steps, and nobody complains."""
    window = person.window
    person.waits_until(lambda: window.controller.program is not None)
    person.waits_until(lambda: window.docks["Problems"].windowTitle() == "Problems")
    assert window.code._view.isVisible()
    person.presses("F10")
    person.waits_until(lambda: person.sees("Step 1 of", window.stepper))
    person.trains_until(20)
    person.pauses()


@EVERY_FAULT
def test_train_and_step_are_disabled_and_everything_says_why(moons, window, fault):
    reason = breaks(moons, fault)
    for name in ("train", "step", "to_loss", "to_end", "restart", "next_batch", "run_to_node"):
        action = window.actions_by_name[name]
        assert not action.isEnabled()
        assert reason in action.toolTip()
    moons.opens("Training")
    assert not moons.button("Train", window.training).isEnabled()
    assert reason in moons.button("Train", window.training).toolTip()
    assert reason[1:] in moons.reads(window.training)
    assert moons.sees("No program yet", window.code)
    assert reason[1:] in moons.reads(window.code)
    moons.opens("Steps")
    assert moons.sees("Nothing to step through yet", window.stepper)
    assert reason in moons.reads(window.stepper)
    for name in STEPS:
        assert not moons.button(name, window.stepper).isEnabled()
        assert reason in moons.button(name, window.stepper).toolTip()
    moons.presses("F5", "F10", "F8")
    assert window.controller.state == "ready"
    assert not window.controller.is_stepping


@EVERY_FAULT
def test_problems_lists_what_is_wrong_how_to_mend_it_and_leads_to_the_node(moons, window, fault):
    breaks(moons, fault)
    problems = moons.graph.problems()
    assert window.docks["Problems"].windowTitle() == f"Problems ({len(problems)})"
    moons.opens("Problems")
    listed = window.problems.findChild(QListWidget)
    rows = [listed.item(row).text().lower() for row in range(listed.count())]
    assert rows == [f"{problem.message}\n{problem.hint}".lower() for problem in problems]

    window.view.setFocus()
    moons.presses("Esc", *["Ctrl++"] * 12)
    moons.hand.drag(QPoint(300, 300), QPoint(-3000, -3000), MIDDLE)
    node, shown = problems[0].node, window.view.viewport().rect()
    assert window.view.selected() == []
    assert not shown.contains(moons.hand.title(node))
    moons.clicks(listed.viewport(), listed.visualItemRect(listed.item(0)).center())
    assert window.view.selected() == [node]
    assert shown.contains(moons.hand.title(node))
    assert moons.sees(problems[0].message[1:], window.inspector)


@EVERY_FAULT
def test_undo_mends_it_and_all_of_it_works_again(moons, window, fault):
    breaks(moons, fault)
    window.view.setFocus()
    while window.isWindowModified():
        moons.presses("Ctrl+Z")
    works(moons)


def test_mending_it_by_hand_works_too(moons, window):
    breaks(moons, "unconnected")
    moons.hand.drag(moons.hand.port("data.x"), moons.hand.port("fc1.x"))
    works(moons)


def test_cards_and_wires_show_the_fault(moons, window):
    breaks(moons, "mismatch")
    card = moons.hand.scene.nodes["loss"].card
    assert card.severity == "error"
    tip = moons.hand.scene.tip_at(moons.hand.scene.nodes["loss"].box.center())
    assert "it gets (N, 3)" in tip.replace("\N{NO-BREAK SPACE}", " ")
    wire = moons.hand.scene.wires["loss.y_hat"]
    assert wire.pen().style() == Qt.PenStyle.CustomDashLine


def test_what_does_not_reach_the_loss_is_a_warning_and_the_net_still_trains(moons, window):
    moons.hand.drop("Tanh", moons.hand.empty())
    moons.waits_until(lambda: window.docks["Problems"].windowTitle() == "Problems (2)")
    assert moons.hand.scene.nodes["tanh1"].card.severity == "warning"
    moons.trains_until(20)
    moons.pauses()


def test_breaking_the_net_while_it_trains_holds_the_run_until_undo_brings_both_back(moons, window):
    moons.fills(moons.field("epochs", window.training), "100000")
    moons.trains_until(20)
    unconnected(moons)
    moons.waits_until(lambda: window.controller.state == "paused")
    assert moons.sees("fc1.x is not connected", window.training)
    assert "training waits. Undo brings both back" in moons.toast()
    stood = window.controller.steps
    assert stood >= 20
    window.view.setFocus()
    moons.presses("Ctrl+Z")
    moons.waits_until(lambda: window.controller.program is not None)
    assert (window.controller.state, window.controller.steps) == ("paused", stood)
    moons.presses("F5")
    moons.waits_until(lambda: window.controller.steps > stood)
    assert min(window.plots._curves.loss.steps.values) >= 0
    assert len(window.plots._curves.loss.steps.values) > stood


def test_a_run_that_waits_is_over_when_another_net_can_run(moons, window):
    moons.trains_until(20)
    unconnected(moons)
    moons.waits_until(lambda: window.controller.state == "paused")
    window.view.setFocus()
    moons.presses("Ctrl+Z")
    moons.hand.click(moons.hand.title("fc1"))
    moons.fills(moons.field("out_features", window.inspector), "7")
    moons.waits_for_news("training starts afresh")
    assert (window.controller.state, window.controller.steps) == ("ready", 0)


def test_a_net_that_breaks_while_it_is_stepped_through_is_stepped_through_again_after_undo(
    moons, window
):
    moons.presses("F10", "F10")
    moons.waits_until(lambda: window.controller.is_stepping)
    unconnected(moons)
    moons.waits_until(lambda: not window.controller.is_stepping)
    window.view.setFocus()
    moons.presses("Ctrl+Z")
    moons.waits_until(lambda: window.controller.program is not None)
    moons.presses("F10")
    moons.waits_until(lambda: moons.sees("Step 1 of", window.stepper))


def delete_all(person):
    person.window.view.setFocus()
    person.presses("Ctrl+A", "Del")


def delete_one(person):
    person.hand.click(person.hand.title("relu1"))
    person.presses("Del")


def rewire(person):
    person.hand.drag(person.hand.port("fc1.out"), person.hand.port("fc2.x"))


def widen(person):
    person.hand.click(person.hand.title("fc1"))
    person.fills(person.field("out_features", person.window.inspector), "16")


EDITS = (delete_all, delete_one, rewire, unconnected, widen)
EVERY_EDIT = pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)


@EVERY_EDIT
def test_editing_while_it_trains(moons, window, edit):
    moons.trains_until(20)
    edit(moons)
    window.view.setFocus()
    moons.presses("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Z")
    works(moons)


@EVERY_EDIT
def test_editing_while_stepping_ends_the_stepping(moons, window, edit):
    for keys in (("F10",) * 3, ("F8",), ("Shift+F8",)):
        moons.presses(*keys)
        moons.waits_until(lambda: window.controller.is_stepping)
        edit(moons)
        moons.waits_until(lambda: not window.controller.is_stepping)
        assert all(item.progress == "none" for item in moons.hand.scene.nodes.values())
        assert window.code.marked_line is None
        moons.opens("Values")
        assert moons.sees("Step (F10) to see every number", window.values)
        window.view.setFocus()
        moons.presses("Ctrl+Z")
        moons.waits_until(lambda: window.actions_by_name["step"].isEnabled())
    works(moons)


def test_what_runs_is_not_touched_by_a_card_beside_it_or_one_that_is_moved_or_renamed(
    moons, window
):
    moons.presses("F10", "F10")
    moons.waits_until(lambda: moons.sees("Step 2 of", window.stepper))
    moons.hand.drop("Tanh", moons.hand.empty())
    moons.hand.click(moons.hand.title("relu1"))
    moons.presses("Right")
    moons.graph.rename("relu1", "Bend")
    moons.presses("F10")
    moons.waits_until(lambda: moons.sees("Step 3 of", window.stepper))
    moons.presses("Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "F10")
    moons.waits_until(lambda: moons.sees("Step 4 of", window.stepper))


def test_an_undo_right_after_a_step_takes_the_stepped_node_away(person, window, tmp_path):
    person.opens_example("autograd_scalar")
    person.hand.click(person.hand.title("c"))
    person.presses("Ctrl+Shift+F")
    person.types("tanh")
    person.presses("Return")
    assert person.graph.wires["tanh1.x"].source == "c.out"
    person.qtbot.wait(1)
    person.presses(*["F10"] * 4)
    window.view.setFocus()
    person.presses("Ctrl+Z", "F10")
    person.waits_until(lambda: person.sees("Step 1 of 8", window.stepper))
    assert "tanh1" not in person.hand.scene.nodes


def test_deleting_a_node_while_the_answer_to_a_step_is_on_its_way(moons, window):
    moons.hand.click(moons.hand.title("fc1"))
    moons.presses("F10", "F10")
    sleep(0.1)  # the worker has answered, and the window has not heard it yet
    moons.presses("Del")
    moons.waits_until(lambda: window.controller.program is None)
    assert not window.controller.is_stepping
    assert window.code.marked_line is None
