"""A person lets the program explain the call that runs: the page agrees with what is computed."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTableView

from .agreement import own_stepper


@pytest.fixture
def panel(window):
    return window.explain


def stands_at(person, node: str, phase: str) -> None:
    """Step to a node's call, with the explain panel in front."""
    person.presses("Ctrl+E")
    index = next(
        call.index
        for call in person.window.controller.program.calls
        if call.node == node and call.phase == phase and call.layer
    )
    person.window.controller.go_to(index + 1)
    person.waits_until(lambda: explains(person, node, phase))


def explains(person, node: str, phase: str) -> bool:
    page = person.window.explain.page.explanation
    return bool(page) and (page.call.node, page.call.phase) == (node, phase)


def asks_for(person, name: str, index: str) -> None:
    """Pick a tensor from the list and type an index."""
    panel = person.window.explain
    box = person.labelled("Tensor to explain", panel, QComboBox)
    if box.currentData() != name:
        person.picks(box, f"{name}  ")
        person.waits_until(lambda: panel.page.explanation.element.source.name == name)
    person.fills(person.labelled("Index to explain", panel, QLineEdit), index)


def has_element(person, text: str) -> bool:
    element = person.window.explain.page.explanation.element
    return bool(element) and element.text == text


def test_before_anything_ran_it_says_what_to_do(person, panel):
    person.presses("Ctrl+E")

    assert person.has_in_front("Explain")
    assert person.sees("to see how the call that runs computes", panel)


def test_a_weight_s_gradient_is_read_as_a_sum_with_its_numbers(person, window, panel):
    stands_at(person, "fc2", "backward")
    asks_for(person, "dw", "3, 5")
    person.waits_until(lambda: has_element(person, "dw[3, 5]"))

    own = own_stepper(person.graph)
    own.run_to("fc2", "backward")
    x, dout = own.session.value("relu1.out"), own.session.gradient("fc2.out")
    gradient = own.session.gradient("fc2.w")[3, 5]
    words = person.reads(panel)
    assert "dw[3, 5]" in words
    assert "Σₙ x[n, 3] · dout[n, 5]" in words
    assert f"{float(gradient):#.4g}".replace("-", "−") in words
    assert "dw (64, 10) = xᵀ (64, 32) · dout (32, 10)" in words
    first = int((x[:, 3] * dout[:, 5]).abs().argmax())
    assert f"x[{first}, 3] · dout[{first}, 5]" in words


def test_the_numbers_that_it_used_are_lit(person, panel):
    lit = []
    panel.entries_used.connect(lit.append)
    stands_at(person, "fc2", "backward")
    asks_for(person, "dw", "3, 5")
    person.waits_until(lambda: has_element(person, "dw[3, 5]"))

    boxes = {(each.address.name, each.address.part): each.boxes for each in lit[-1]}
    assert boxes == {
        ("dfc2", ""): ((slice(0, 32), 5),),
        ("fc2_cache", "x"): ((slice(0, 32), 3),),
    }
    (used,) = panel.page.used.pictures
    assert used.picture.lit[:, 3].all()
    assert used.picture.lit.sum() == 32
    assert panel.page.triptych.upstream.cells.picture.lit[:, 5].all()


def test_another_number_is_chosen_by_a_click_and_by_the_arrow_keys(person, panel):
    stands_at(person, "fc2", "backward")
    asks_for(person, "db", "0")
    asks_for(person, "dw", "3, 5")
    person.waits_until(lambda: has_element(person, "dw[3, 5]"))
    cells = panel.page.triptych.downstream.cells
    panel.page.ensureWidgetVisible(cells)

    person.clicks(cells, cells.cell(7, 2).toPoint())
    person.waits_until(lambda: has_element(person, "dw[7, 2]"))
    person.presses("Down", "Right")
    person.waits_until(lambda: has_element(person, "dw[8, 3]") or has_element(person, "dw[7, 3]"))

    assert person.labelled("Index to explain", panel, QLineEdit).text() in ("8, 3", "7, 3")


def test_a_closed_relu_says_so(person, panel):
    own = own_stepper(person.graph)
    own.run_to("relu1", "backward")
    row, column = (own.session.value("fc1.out") <= 0).nonzero()[0].tolist()
    stands_at(person, "relu1", "backward")

    asks_for(person, "dx", f"{row}, {column}")
    person.waits_until(lambda: has_element(person, f"dx[{row}, {column}]"))

    assert person.sees(f"dx[{row}, {column}] is 0: the ReLU is closed", panel)
    assert person.sees("Why it is 0", panel)


def test_a_factor_of_the_chain_leads_to_its_call(person, window, panel):
    stands_at(person, "fc1", "backward")
    assert person.sees("= ∂loss/∂fc2 · ∂fc2/∂relu1 · ∂relu1/∂fc1", panel)
    (link,) = (
        button
        for button in panel.page.factors.findChildren(QAbstractButton)
        if button.text() == "∂fc2/∂relu1" and button.isVisible()
    )
    panel.page.ensureWidgetVisible(link)

    person.clicks(link)

    person.waits_until(lambda: explains(person, "fc2", "backward"))


def test_an_index_that_is_not_there_is_told_beside_it(person, panel):
    stands_at(person, "fc2", "backward")
    asks_for(person, "dw", "99, 0")
    person.waits_until(lambda: person.sees("give 2 numbers below 64, 10", panel))
    asks_for(person, "dw", "one")
    person.waits_until(lambda: person.sees("write it as", panel))

    asks_for(person, "dw", "1, 1")
    person.waits_until(lambda: has_element(person, "dw[1, 1]"))
    assert not panel.page.refused.isVisible()


def test_it_follows_every_step_and_keeps_to_the_tensor_that_was_chosen(person, panel):
    stands_at(person, "fc2", "backward")
    asks_for(person, "dw", "3, 5")
    person.waits_until(lambda: has_element(person, "dw[3, 5]"))

    person.presses("F10")
    person.waits_until(lambda: explains(person, "relu1", "backward"))
    person.presses("F10")
    person.waits_until(lambda: explains(person, "fc1", "backward"))
    assert panel.page.explanation.element.source.name == "dw"
    person.presses("Shift+F10", "Shift+F10")
    person.waits_until(lambda: has_element(person, "dw[3, 5]"))


def test_nothing_is_asked_while_nobody_looks(person, window, panel):
    asked = []
    panel.asked.connect(asked.append)
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: window.controller.is_stepping and window.stepper._position == 3)
    assert asked == []

    person.presses("Ctrl+E")

    person.waits_until(lambda: panel.page.explanation is not None)
    assert len(asked) == 1


def test_every_call_of_the_walk_is_explained(person, window, panel):
    person.presses("Ctrl+E")
    for position, call in enumerate(window.controller.program.calls):
        person.presses("F10")
        person.waits_until(lambda call=call: explains(person, call.node, call.phase))
        page = panel.page.explanation
        if page.total is not None and page.total.is_sum:
            assert page.total.total == pytest.approx(page.element.value, rel=1e-4, abs=1e-7)
        assert page.call.index == position


def test_after_training_it_stands_at_numbers_that_training_made(person, window, panel):
    person.trains_until(30)
    person.pauses()
    stands_at(person, "fc1", "backward")

    page = panel.page.explanation

    assert page.refusal == ""
    assert page.total.total == pytest.approx(page.element.value, rel=1e-4, abs=1e-7)


def test_when_stepping_ends_the_page_goes(person, panel):
    stands_at(person, "fc2", "backward")
    person.presses("Shift+Esc")

    person.waits_until(lambda: person.sees("to see how the call that runs computes", panel))


def test_the_values_panel_frames_what_the_number_was_made_with(person, window, panel):
    stands_at(person, "fc2", "backward")
    asks_for(person, "dw", "3, 5")
    person.waits_until(lambda: has_element(person, "dw[3, 5]"))
    person.opens("Values")

    framed = {card.address: card._map._lit for card in window.values.cards}
    by_name = {(address.name, address.part): frames for address, frames in framed.items()}
    assert by_name["dfc2", ""] == [(range(32), range(5, 6))]
    assert by_name["fc2_cache", "x"] == [(range(32), range(3, 4))]
    assert by_name["fc2_cache", "w"] == []

    person.presses("F10")
    person.waits_until(lambda: window.values.cards[0].address.name != "drelu1")
    assert not any(card._map._lit for card in window.values.cards)


def test_a_number_that_is_clicked_in_the_values_panel_is_explained(person, window, panel):
    stands_at(person, "fc2", "backward")
    person.opens("Values")
    card = next(card for card in window.values.cards if card.address.name == "dfc2_w")
    person.clicks(person.button("Numbers", card))
    table = card.findChild(QTableView)
    person.waits_until(lambda: table.isVisible())
    cell = table.visualRect(table.model().index(3, 2)).center()

    person.clicks(table.viewport(), cell)
    person.presses("Ctrl+E")

    person.waits_until(lambda: has_element(person, "dw[3, 2]"))


def test_the_update_of_a_weight_is_explained_with_its_numbers(person, window, panel):
    person.presses("Ctrl+E", "Shift+F8")
    person.waits_until(lambda: panel.page.explanation is not None)
    person.presses("F10")
    person.waits_until(lambda: explains(person, "fc1", "update"))

    page = panel.page.explanation
    assert page.element.source.name == "new_w"
    assert page.chain.target == "fc1_w"
    assert person.sees(page.equations[-1].formula, panel)
    assert person.sees(f"{page.call.layer} update", panel)


def test_an_answer_that_an_edit_of_the_net_cut_off_is_not_waited_for(person, window, panel):
    stands_at(person, "fc1", "forward")
    person.presses("Ctrl+E")
    person.waits_until(lambda: explains(person, "fc1", "forward"))
    narrower = iter([32])

    def edit_once() -> None:
        for width in narrower:
            person.graph.set("fc1", out_features=width)

    panel.asked.connect(edit_once)
    person.presses("F10")
    person.waits_until(lambda: not window.controller.is_stepping)
    stands_at(person, "fc1", "forward")
    person.waits_until(lambda: panel.page.explanation.written[0].shape == (32, 32))
