"""A person lets numbers be others, sees what follows, and keeps it or puts it back."""

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeView

from explorer.app.what_if.requests import EditNumber
from explorer.training import Trainer

from .agreement import own_stepper
from .person import Answer


def test_an_edited_weight_is_what_is_computed_with_from_there_on(person, window, tinkerer):
    tinkerer.steps_to("F10", "F10")
    own = own_stepper(person.graph)
    own.go_to(2)
    was = float(own.session.parameters["fc1.w"][20, 5])
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(20, 5, "0.5")

    person.waits_until(lambda: tinkerer.text(20, 5) == "0.5000")
    assert tinkerer.marked() == ["fc1"]
    assert person.sees("1 edit:", window.tensors)
    model = tinkerer.view.page.table.model()
    assert model.look(model.index(20, 5)).is_edited
    assert not model.look(model.index(20, 4)).is_edited
    assert "edited: fc1.w[20, 5]" in model.index(20, 5).data(Qt.ItemDataRole.ToolTipRole)
    tip = person.hand.scene.tip_at(person.hand.scene.nodes["fc1"].box.center())
    assert "Edited: fc1.w[20, 5]" in tip

    person.presses("F8")
    x, y = own.session.namespace["flatten"], own.session.namespace["data_y"]
    weights = {path: w.clone() for path, w in own.session.parameters.items()}
    weights["fc1.w"][20, 5] = 0.5
    hidden = torch.relu(x @ weights["fc1.w"] + weights["fc1.b"])
    logits = hidden @ weights["fc2.w"] + weights["fc2.b"]
    loss = torch.nn.functional.cross_entropy(logits, y).item()
    own.run_to_loss()
    assert loss != own.session.value("loss.loss").item()
    person.waits_until(lambda: person.sees(f"loss {loss:#.4g}", window.stepper))
    assert person.sees(f"fc1.w[20, 5] {was:#.4g} → 0.5000", window.stepper)


def test_an_edited_value_and_an_edited_gradient_change_what_follows_them(person, tinkerer):
    tinkerer.steps_to("Shift+F8")
    own = own_stepper(person.graph)
    own.run_to_end()
    own.edit("fc2", (0, 0), 2.0)
    own.edit("dfc2", (1, 3), -0.25)
    tinkerer.opens("fc2.out")
    tinkerer.edits_it(0, 0, "2")
    tinkerer.opens("gradient of fc2.out")
    tinkerer.edits_it(1, 3, "-0.25")

    tinkerer.opens("gradient of fc1.w")
    wanted = own.session.gradient("fc1.w")
    row, column = divmod(int(wanted.abs().argmax()), wanted.shape[1])
    text = f"{wanted[row, column].item():#.4g}"
    person.waits_until(lambda: tinkerer.text(row, column) == text)
    assert tinkerer.marked() == ["fc2"]


def test_each_edit_is_put_back_by_its_button_and_all_are_the_same_bits_again(
    person, window, tinkerer
):
    tinkerer.steps_to("Shift+F8")
    session = window.controller._worker._desk._trainer.session
    before = {n: v.clone() for n, v in session.namespace.items() if isinstance(v, torch.Tensor)}
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(20, 5, "1")
    tinkerer.edits_it(21, 5, "-1")
    tinkerer.opens("relu1.out")
    tinkerer.edits_it(0, 0, "3")

    person.opens("Steps")
    person.clicks(person.button("Put back fc1.w[20, 5]", window.stepper))
    person.waits_until(lambda: len(tinkerer.edits.all) == 2)
    assert not person.sees("fc1.w[20, 5]", window.stepper)
    person.opens("Tensors")
    person.clicks(person.button("Put all back", window.tensors))
    person.waits_until(lambda: not tinkerer.edits.all)

    assert tinkerer.marked() == []
    assert not person.sees("edit", window.stepper)
    assert all(torch.equal(before[name], session.namespace[name]) for name in before)


def test_each_of_many_edits_can_be_put_back_in_a_list_that_scrolls(person, window, tinkerer):
    tinkerer.steps_to("F8")
    person.opens("Steps")
    bar = window.stepper.edits_bar
    for row in range(2):
        window.controller.what_if(EditNumber("fc1_w", (row, 0), 2.0))
    person.waits_until(lambda: bar.isVisible() and len(tinkerer.edits.all) == 2)
    for row in range(2, 24):
        window.controller.what_if(EditNumber("fc1_w", (row, 0), 2.0))
    person.waits_until(lambda: len(tinkerer.edits.all) == 24)
    person.waits_until(lambda: bar.verticalScrollBar().maximum() > 0)
    assert bar.height() < window.stepper.height() / 2

    first = person.button("Put back fc1.w[0, 0]", bar)
    bar.ensureWidgetVisible(first)
    person.clicks(first)
    person.waits_until(lambda: len(tinkerer.edits.all) == 23)
    assert "fc1.w[0, 0]" not in [edited.place for edited in tinkerer.edits.all]


def test_ctrl_z_in_the_table_puts_the_last_edit_back_and_leaves_the_net_alone(
    person, window, tinkerer
):
    person.hand.click(person.hand.title("relu1"))
    person.presses("M", "M")
    tinkerer.steps_to("F8")
    drawn = person.graph.history.undo_label
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(0, 0, "1")
    tinkerer.edits_it(0, 1, "1")
    tinkerer.view.page.setFocus()

    person.presses("Ctrl+Z")
    person.waits_until(lambda: len(tinkerer.edits.all) == 1)
    assert tinkerer.edits.all[0].edit.index == (0, 0)
    person.presses("Ctrl+Z")
    person.waits_until(lambda: not tinkerer.edits.all)
    person.presses("Ctrl+Z")
    assert "No number is edited" in person.toast()
    assert person.graph.history.undo_label == drawn


def test_ctrl_z_puts_an_edit_back_from_anywhere_in_the_panel(person, window, tinkerer):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(0, 0, "1")
    tinkerer.edits_it(0, 1, "1")
    person.button("Compare", tinkerer.view).setFocus()
    person.presses("Ctrl+Z")
    person.waits_until(lambda: len(tinkerer.edits.all) == 1)
    window.tensors.names.findChild(QTreeView).setFocus()
    person.presses("Ctrl+Z")
    person.waits_until(lambda: not tinkerer.edits.all)


def test_keys_edit_and_put_back_the_number_under_the_cursor(person, window, tinkerer):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.b")
    tinkerer.view.page.setFocus()
    person.presses("Right", "Right", "F2")
    editor = tinkerer.view.page.table.viewport().findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "0.75")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    person.waits_until(lambda: tinkerer.edits.all)
    (edited,) = tinkerer.edits.all
    assert (edited.place, edited.edit.value) == ("fc1.b[2]", 0.75)

    tinkerer.view.page.setFocus()
    person.presses("Left", "Del")
    assert "This number is not edited" in person.toast()
    person.presses("Right", "Del")
    person.waits_until(lambda: not tinkerer.edits.all)
    assert "fc1" in person.graph.nodes, "Del in the table deletes no node"
    person.presses("Ctrl+Alt+Z", "Ctrl+Alt+Shift+Z")


def test_a_right_click_on_a_number_offers_what_can_be_done_with_it(person, window, tinkerer):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(2, 1, "1")
    table = tinkerer.view.page.table
    tinkerer.view.go_to((2, 1))
    at = table.visualRect(table.model().index(2, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.RightButton, pos=at)
    where = table.viewport().mapToGlobal(at)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, where)
    QApplication.sendEvent(table.viewport(), asked)
    menu = QApplication.activePopupWidget()
    offered = {action.text(): action for action in menu.actions() if action.text()}
    assert list(offered)[:4] == [
        *("Edit the number", "Put the number back", "Nudge the number", "Pin the tensor"),
    ]

    person.clicks(menu, menu.actionGeometry(offered["Put the number back"]).center())
    person.waits_until(lambda: not tinkerer.edits.all)
    person.comes_back()


def test_the_card_of_an_edited_tensor_says_so_among_the_values(person, window, tinkerer):
    tinkerer.steps_to("F10", "F10", "F10")
    tinkerer.opens("fc1.out")
    tinkerer.edits_it(0, 0, "4")
    person.waits_until(lambda: person.sees("Edited: fc1.out[0, 0]", window.values))

    card = window.values.cards[0]
    person.clicks(person.button("Numbers", card))
    model = card._table.model()
    person.waits_until(lambda: model.index(0, 0).data() == "4.000")
    assert model.look(model.index(0, 0)).is_edited
    person.presses("F10")
    person.waits_until(lambda: person.sees("Step 4 of", window.stepper))
    person.presses("Ctrl+Alt+Z")
    person.waits_until(lambda: not person.sees("Edited", window.values))


def test_an_explanation_says_that_a_number_is_not_what_the_call_computes(person, window, tinkerer):
    tinkerer.steps_to("F10", "F10", "F10")
    tinkerer.opens("fc1.out")
    tinkerer.edits_it(2, 1, "4")
    person.presses("Ctrl+E")
    window.explain.explain("out", (2, 1))

    person.waits_until(lambda: person.sees("whatever this call computes", window.explain))
    assert person.sees("Edited: fc1.out[2, 1]", window.explain)
    window.explain.explain("out", (2, 2))
    person.waits_until(lambda: not person.sees("whatever this call computes", window.explain))


def test_an_edit_is_gone_to_from_the_list_of_steps(person, window, tinkerer):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(20, 5, "1")
    window.tensors.close_tab(tinkerer.view)
    person.opens("Steps")
    (edited,) = tinkerer.edits.all
    person.clicks(person.button(f"Show {edited}", window.stepper))

    person.waits_until(lambda: tinkerer.view and tinkerer.view.index == (20, 5))
    assert person.has_in_front("Tensors")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("1e39", "too large for fc1.w: float32 ends at"), ("abc", "abc is no number")],
)
def test_a_number_that_cannot_be_is_told_and_nothing_changes(
    person, window, tinkerer, text, complaint
):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    was = tinkerer.text(0, 0)
    tinkerer.types(0, 0, text)

    person.waits_until(lambda: complaint in person.toast())
    person.presses("Esc")
    assert tinkerer.edits.all == ()
    assert tinkerer.text(0, 0) == was


def test_stepping_back_past_an_edit_shows_the_value_as_it_was_and_says_so(person, window, tinkerer):
    tinkerer.steps_to("F8")
    own = own_stepper(person.graph)
    own.run_to_loss()
    tinkerer.opens("fc1.out")
    tinkerer.edits_it(0, 0, "9")
    person.waits_until(lambda: tinkerer.text(0, 0) == "9.000")

    person.presses("Ctrl+F10")
    person.waits_until(lambda: not tinkerer.edits.all)
    person.waits_for_news("Put back, as you went back to before it")
    assert tinkerer.marked() == []
    person.presses("F8")
    wanted = own.session.value("fc1.out")[0, 0].item()
    person.waits_until(lambda: tinkerer.exact(0, 0) == wanted)


def test_training_asks_what_becomes_of_an_edit_and_goes_on_without_it(person, window, tinkerer):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(20, 5, "1")

    with person.answering(Answer.Cancel) as asked:
        person.presses("Ctrl+F8")
    assert "Train on with the number that was edited?" in asked[0]
    assert len(tinkerer.edits.all) == 1
    with person.answering(Answer.No):
        person.presses("Ctrl+F8")
    person.waits_until(lambda: person.sees("batch 2", window.stepper))

    assert tinkerer.edits.all == ()
    assert_trained_like(window, person, {})


def test_an_edit_that_is_kept_goes_into_training(person, window, tinkerer):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(20, 5, "1")

    with person.answering(Answer.Yes):
        person.presses("Ctrl+F8")
    person.waits_for_news("Trained on with fc1.w[20, 5]")
    person.waits_until(lambda: person.sees("batch 2", window.stepper))

    assert tinkerer.edits.all == ()
    assert_trained_like(window, person, {(20, 5): 1.0})


def assert_trained_like(window, person, edits: dict[tuple[int, int], float]) -> None:
    """One step was made from the weights of the start, with these numbers in fc1.w."""
    own = Trainer(person.graph)
    for index, number in edits.items():
        own.session.parameters["fc1.w"][index] = number
    own.step()
    after = window.controller._worker._desk._trainer.weights
    assert all(torch.equal(after[path], weight) for path, weight in own.weights.items())


def test_the_big_button_asks_too_and_training_that_runs_says_why_nothing_can_be_edited(
    person, window, tinkerer
):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(0, 0, "1")
    person.opens("Training")
    with person.answering(Answer.No):
        person.clicks(window.training._train)
    person.waits_until(lambda: window.controller.state == "running")
    person.waits_until(lambda: "Training changes the numbers" in tinkerer.view.why_no_edits)

    table = tinkerer.view.page.table
    person.double_clicks(table.viewport(), table.visualRect(table.model().index(0, 0)).center())
    person.waits_until(lambda: "pause it (F5), then step (F10)" in person.toast())
    person.pauses()
    person.waits_until(lambda: "Nothing is stepped through" in tinkerer.view.why_no_edits)


@pytest.mark.parametrize("node", ["relu1", "fc1"])
def test_a_change_of_the_net_in_between_ends_it_and_says_so(person, window, tinkerer, node):
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(0, 0, "1")
    person.hand.click(person.hand.title(node))
    person.presses("Del")

    person.waits_for_news("Put back, as stepping has ended")
    assert tinkerer.edits.all == ()
    assert tinkerer.marked() == []


def test_an_edit_at_a_breakpoint_is_refused_in_words_that_stay(person, window, tinkerer):
    person.hand.click(person.hand.title("relu1"))
    person.presses("F9", "F5")
    person.waits_until(lambda: person.sees("Stopped: relu1 has run", window.stepper))
    tinkerer.opens("fc1.w")
    tinkerer.types(0, 0, "1e39")
    person.waits_for_news("too large for fc1.w")

    assert "too large for fc1.w" in person.toast()


def test_a_group_carries_the_edits_of_what_is_in_it(person, window, tinkerer):
    person.hand.click(person.hand.title("fc1"))
    person.hand.click(person.hand.title("relu1"), Qt.KeyboardModifier.ControlModifier)
    person.presses("Ctrl+G")
    window.view.setFocus()
    tinkerer.steps_to("F8")
    tinkerer.opens("fc1.w")
    tinkerer.edits_it(0, 0, "1")

    (group,) = tinkerer.marked()
    assert group in person.graph.groups


def test_where_no_number_is_left_to_sum_up_the_card_says_so(person, window, tinkerer):
    tinkerer.steps_to("F8")
    window.controller.what_if(EditNumber("loss", (), float("nan")))
    person.waits_until(lambda: person.sees("⚠ It is NaN or infinite", window.values))

    window.controller.what_if(EditNumber("loss", (), 1.0))
    person.waits_until(lambda: not person.sees("NaN or infinite", window.values))
