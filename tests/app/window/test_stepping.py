"""A person walks through the program call by call, and everything shown agrees with it."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QListView, QSlider, QStyle, QStyleOptionSlider, QTableView

from ..hand import LEFT, NONE
from .agreement import assert_shows, own_stepper


@pytest.fixture
def steps(window):
    return window.stepper


def pauses_after(person, steps: int) -> int:
    """Train for some steps and pause; where training stands."""
    person.trains_until(steps)
    person.pauses()
    return person.window.controller.steps


def test_f10_walks_through_all_calls_and_shift_f10_back_and_all_parts_agree(person, window):
    own = own_stepper(person.graph)
    for _ in own.calls:
        person.presses("F10")
        own.step()
        assert_shows(person, own)
    person.presses("F10")
    assert_shows(person, own)
    while own.position:
        person.presses("Shift+F10")
        own.back()
        assert_shows(person, own)


def test_at_the_end_of_the_walk_it_is_said_how_to_go_on(person, window):
    window.controller.go_to(len(window.controller.calls))
    person.waits_until(lambda: window.stepper.is_at_end)
    for keys in ("F10", "F11", "Ctrl+F11"):
        window.toast.hide()
        person.presses(keys)
        assert person.toast() == "All calls have run: go on with the next batch (Ctrl+F8)"

    person.presses("Ctrl+F8")
    person.waits_until(lambda: not window.stepper.is_at_end)
    person.presses("F10")
    assert not person.toast().startswith("All calls have run")


def test_a_pause_stands_at_the_very_batch_that_training_would_take_next(person, window, steps):
    stood = pauses_after(person, 30)
    own = own_stepper(person.graph, stood)
    assert own.position == 0
    person.presses("F10")
    own.step()
    assert_shows(person, own)
    assert person.sees(f"batch {stood + 1:,}, 32 rows", steps)
    person.presses("F8")
    own.run_to_loss()
    assert_shows(person, own)
    person.presses("Shift+F8")
    own.run_to_end()
    assert_shows(person, own)


def test_run_to_loss_to_end_to_a_node_restart_and_next_batch(person, window, steps):
    own = own_stepper(person.graph)
    person.presses("F8")
    own.run_to_loss()
    assert_shows(person, own)
    loss = f"loss {own.session.value('loss.loss').item():#.4g}"
    assert person.sees(loss, steps)
    person.hand.click(person.hand.title("relu1"))
    person.presses("Ctrl+F9")
    own.run_to("relu1", "backward")
    assert_shows(person, own)
    person.presses("Shift+F8")
    own.run_to_end()
    assert_shows(person, own)
    person.presses("Ctrl+F10")
    own.restart()
    assert_shows(person, own)
    person.right_clicks(person.hand.title("fc2"), "Run to node")
    own.run_to("fc2", "forward")
    assert_shows(person, own)

    person.presses("Ctrl+F8")
    own = own_stepper(person.graph, 1)
    assert_shows(person, own)
    assert person.sees("batch 2, 32 rows", steps)
    assert window.controller.steps == 1
    person.presses("F10")
    own.step()
    assert_shows(person, own)


def test_the_panels_buttons_do_what_the_keys_do(person, window, steps):
    own = own_stepper(person.graph)
    person.opens("Steps")
    for name, move in (
        ("Step over", own.step),
        ("Run to loss", own.run_to_loss),
        ("Run to first layer", own.run_to_end),
        ("Step back", own.back),
        ("Restart", own.restart),
        ("Step over", own.step),
    ):
        person.clicks(person.button(name, steps))
        move()
        assert_shows(person, own)
    person.clicks(person.button("Next batch", steps))
    assert_shows(person, own_stepper(person.graph, 1))
    person.clicks(person.button("Leave stepping", steps))
    person.waits_until(lambda: not window.controller.is_stepping)


def test_the_slider_is_dragged_to_any_call(person, window, steps):
    own = own_stepper(person.graph)
    person.presses("F10")
    own.step()
    assert_shows(person, own)
    slider = steps.findChild(QSlider)
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    at = slider.style().subControlRect(control, option, part, slider).center()
    QTest.mousePress(slider, LEFT, NONE, at)
    for x in range(at.x(), slider.width(), 5):
        QTest.mouseMove(slider, QPoint(x, at.y()))
    own.go_to(len(own.calls))
    assert_shows(person, own)
    QTest.mouseMove(slider, QPoint(slider.width() // 2, at.y()))
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(slider.width() // 2, at.y()))
    own.go_to(len(own.calls) // 2)
    assert_shows(person, own)
    slider.setFocus()
    person.presses("Right", "Right", "Left")
    own.step()
    assert_shows(person, own)


def test_a_click_beside_the_sliders_handle_goes_there_and_drags_on(person, window, steps):
    own = own_stepper(person.graph)
    person.presses("F10")
    slider = person.labelled("Position among the calls", steps, QSlider)
    middle = slider.rect().center()
    QTest.mousePress(slider, LEFT, NONE, middle)
    own.go_to(len(own.calls) // 2)
    assert_shows(person, own)
    end = QPoint(slider.width(), middle.y())
    QTest.mouseMove(slider, end)
    QTest.mouseRelease(slider, LEFT, NONE, end)
    own.go_to(len(own.calls))
    assert_shows(person, own)


def test_a_double_clicked_call_in_the_list_is_run_to(person, window, steps):
    own = own_stepper(person.graph)
    person.opens("Steps")
    listed = steps.findChild(QListView)
    for row in (4, 7, 2):
        index = listed.model().index(row, 0)
        listed.scrollTo(index)
        person.double_clicks(listed.viewport(), listed.visualRect(index).center())
        own.go_to(row + 1)
        assert_shows(person, own)


def test_a_double_clicked_line_of_the_code_is_run_to(person, window):
    own = own_stepper(person.graph)
    view = window.code._view
    for call in (own.calls[5], own.calls[8], own.calls[1]):
        block = view.document().findBlockByLineNumber(call.line - 1)
        view.setTextCursor(QTextCursor(block))
        view.ensureCursorVisible()
        person.double_clicks(view.viewport(), view.cursorRect().center())
        own.go_to(call.index + 1)
        assert_shows(person, own)


def test_a_fork_adds_its_gradients_up_where_everyone_can_see_it(
    person, window, steps, residual, tmp_path
):
    person.opens_graph(residual, tmp_path / "residual.json")
    own = own_stepper(person.graph)
    (fork,) = (call for call in own.calls if call.is_addition)
    assert fork.node == "relu1"
    person.presses("Shift+F8")
    own.run_to_end()
    assert_shows(person, own)
    for _ in own.calls:
        person.presses("Shift+F10")
        own.back()
        assert_shows(person, own)
        if own.current is fork:
            assert person.sees("relu1 add up gradients → dout", steps)
            assert person.sees("gradients that meet add up", window.values)


def test_da_is_b_and_db_is_a(person, window):
    person.opens_example("autograd_scalar")
    own = own_stepper(person.graph)
    person.presses("F8", "F10")
    own.go_to(4)
    assert_shows(person, own)
    shown = person.reads(window.values).splitlines()
    assert shown[shown.index("da   ()") + 2] == "5.000"
    assert shown[shown.index("db   ()") + 2] == "3.000"


def test_stepping_brings_its_panels_to_the_front_and_leaving_shows_the_net_as_drawn(
    person, window, steps
):
    assert not person.has_in_front("Steps")
    assert not person.has_in_front("Values")
    person.presses("F10")
    person.waits_until(lambda: person.has_in_front("Steps") and person.has_in_front("Values"))
    assert window.actions_by_name["leave_stepper"].isEnabled()
    person.presses("Shift+Esc")
    person.waits_until(lambda: person.sees("Step (F10) runs the first call", steps))
    assert person.sees("14 steps", steps)
    assert person.sees("Step (F10) to see every number", window.values)
    assert all(item.progress == "none" for item in person.hand.scene.nodes.values())
    assert window.code.marked_line is None
    assert not window.actions_by_name["leave_stepper"].isEnabled()
    assert not person.button("Step back", steps).isEnabled()
    assert "No call has run yet" in person.button("Step back", steps).toolTip()


def test_stepping_pauses_a_run_and_training_then_goes_on_from_there(person, window, steps):
    person.trains_until(20)
    person.presses("F10")
    person.waits_until(lambda: person.sees("Step 1 of 14", steps))
    assert window.controller.state == "paused"
    assert person.button_says("Continue")
    stood = window.controller.steps
    own = own_stepper(person.graph, stood)
    own.step()
    assert_shows(person, own)
    person.trains_until(stood + 20)
    assert not window.controller.is_stepping
    assert window.code.marked_line is None


def test_a_run_that_was_stepped_through_ends_with_the_very_same_weights(person, window, tmp_path):
    person.fills(person.field("epochs", window.training), "8")
    person.presses("F5")
    person.waits_until(lambda: window.controller.state == "done")
    straight = person.saves_weights(tmp_path / "straight.safetensors")

    person.presses("Ctrl+Shift+F5")
    person.waits_until(lambda: window.controller.state == "ready")
    speed = person.labelled("Speed", window.training, QComboBox)
    person.picks(speed, "100 steps/s")
    pauses_after(person, 5)
    person.presses("F10", "F10", "F8", "Shift+F8", "Shift+F10", "Ctrl+F10", "Shift+F8")
    person.waits_until(lambda: person.sees("Step 10 of 14", window.stepper))
    person.presses("Ctrl+F8", "F8", "Ctrl+F8", "Shift+Esc")
    pauses_after(person, window.controller.steps + 5)
    person.saves_weights(tmp_path / "on_the_way.safetensors")
    person.presses("Shift+F8")
    person.opens("Training")
    person.picks(speed, "Full speed")
    person.presses("F5")
    person.waits_until(lambda: window.controller.state == "done")
    assert window.controller.steps == 8 * 45
    assert person.saves_weights(tmp_path / "stepped.safetensors") == straight


def test_next_batch_counts_as_a_step_of_training_in_panel_and_curves(person, window, steps):
    person.presses("Ctrl+F8", "Ctrl+F8", "Ctrl+F8")
    person.waits_until(lambda: person.sees("batch 4", steps))
    person.opens("Training")
    assert person.sees("Epoch 1 of 100", window.training)
    person.opens("Curves")
    person.waits_until(lambda: person.sees("step 3", window.plots))


def test_running_to_a_node_needs_one_that_runs(person, window):
    person.presses("Ctrl+F9")
    assert "Select one node to run to" in person.toast()
    person.hand.drop("Tanh", person.hand.empty())
    person.presses("Ctrl+F9")
    person.waits_for_news("tanh1 has no call in this program")


def test_numbers_of_a_tensor_are_opened_and_stay_open_from_call_to_call(person, window):
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: person.sees("out   (32, 64)", window.values))
    card = window.values.cards[0]
    person.clicks(person.button("Numbers", card))
    table = person.labelled("Numbers", card, QTableView)
    assert table.isVisible()
    own = own_stepper(person.graph)
    own.go_to(3)
    first = own.session.value("fc1.out")[0, 0].item()
    person.waits_until(lambda: table.model().index(0, 0).data() != "…")
    assert float(table.model().index(0, 0).data()) == pytest.approx(first, rel=1e-3)
    person.presses("F10")
    person.waits_until(lambda: person.sees("Step 4 of 14", window.stepper))
    assert table.isVisible()
    assert table.model().rowCount() == 32


def test_the_statistics_of_a_tensor_are_copied_as_text(person, window):
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: person.sees("out   (32, 64)", window.values))
    card = window.values.cards[0]
    person.right_clicks(QPoint(8, 8), "Copy the statistics", on=card)
    mean = card.statistics.shown["mean"]
    assert QGuiApplication.clipboard().text().startswith(f"out, output, mean {mean}, std ")
    person.presses("F8")
    person.waits_until(lambda: person.sees("loss   ()", window.values))
    own = own_stepper(person.graph)
    own.run_to_loss()
    loss = own.session.value("loss.loss").item()
    person.right_clicks(QPoint(8, 8), "Copy the number", on=window.values.cards[0])
    assert float(QGuiApplication.clipboard().text()) == pytest.approx(loss, rel=1e-3)


def test_a_norm_shows_its_own_values_and_what_it_keeps_from_batch_to_batch(person, window):
    window.files.open_example("residual_digits")
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: person.sees("bn1 · forward", window.values))

    assert person.sees("running_mean   (16,)", window.values)
    assert person.sees("kept from batch to batch", window.values)
    assert person.sees("out   (64, 16, 8, 8)", window.values)
    assert person.sees("8 of 64 down, 8 of 16 across", window.values)


def test_the_call_that_ran_last_is_in_view_whatever_size_the_panel_gets(person, window):
    window.files.open_example("residual_digits")
    person.presses("Shift+F8")
    calls = window.stepper._list
    last = len(window.controller.program.calls) - 1
    person.waits_until(lambda: calls.currentIndex().row() == last)

    window.resize(1440, 700)
    person.qtbot.wait(1)

    assert calls.viewport().rect().contains(calls.visualRect(calls.currentIndex()))
    assert person.sees("conv1 backward → dw, db", window.stepper)


def test_behind_the_backward_pass_the_update_of_each_weight_is_stepped_through(
    person, window, steps
):
    person.presses("Shift+F8")
    own = own_stepper(person.graph)
    own.run_to_end()
    assert_shows(person, own)
    for name in ("w", "b"):
        person.presses("F10")
        own.step()
        assert_shows(person, own)
        assert person.sees(f"fc1 update → {name}", steps)
        assert person.sees(f"fc1.{name} is changed by SGD", window.values)
        assert person.sees(f"new_{name}   (", window.values)
    before, after = (
        f"{own.session.namespace[f'fc1_b_loss_{when}'].item():#.4g}"
        for when in ("before", "so_far")
    )
    assert person.sees(f"loss {before} → {after} (Δ -0.", steps)
    assert person.sees("fc1_b_new = fc1_b - lr * dfc1_b", window.values)
    person.presses("Shift+F10", "Shift+F10", "Shift+F10")
    own.go_to(own.position - 3)
    assert_shows(person, own)


def test_a_learning_rate_changed_between_steps_changes_the_update_that_is_shown(
    person, window, steps
):
    person.presses("Shift+F8", "F10")
    person.waits_until(lambda: person.sees("fc1 update → w", steps))
    person.opens("Training")
    person.fills(person.field("learning_rate", window.training), "0.5")
    person.waits_until(lambda: person.sees("0.5000", window.values) or person.opens("Values"))
    assert person.sees("fc1 update → w", steps), "it stands where it stood"
