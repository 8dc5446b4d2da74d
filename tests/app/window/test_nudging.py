"""A person nudges a number and sees the slope of the loss beside the gradient."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from explorer.app import theme
from explorer.app.what_if.requests import NudgeAnswered
from explorer.program.viewing import Address

from .agreement import own_stepper


def told(popup, name: str) -> str:
    """What stands beside a name."""
    names = (label.accessibleName() for label in popup.findChildren(QLabel))
    return next(each for each in names if each.startswith(f"{name}: ")).partition(": ")[2]


def test_a_nudge_shows_the_slope_of_the_loss_beside_the_gradient(person, window, tinkerer):
    tinkerer.steps_to("F10", "F10", "F10")
    own = own_stepper(person.graph)
    own.run_to_end()
    gradient = own.session.gradient("fc1.w")
    row, column = divmod(int(gradient.abs().argmax()), gradient.shape[1])
    tinkerer.opens("fc1.w")
    tinkerer.view.go_to((row, column))
    tinkerer.view.page.setFocus()
    person.presses("N")

    popup = QApplication.activePopupWidget()
    person.waits_until(lambda: person.sees("They agree", popup))
    assert person.sees(f"Nudge fc1.w[{row}, {column}] by ε =", popup)
    slope = float(told(popup, "Finite difference"))
    shown = float(told(popup, "Gradient"))
    assert shown == pytest.approx(gradient[row, column].item(), rel=1e-4)
    assert slope == pytest.approx(shown, rel=1e-5)
    assert person.sees("Step 3 of", window.stepper), "the walk stands where it stood"

    epsilon = person.labelled("ε", popup, QLineEdit)
    for typed, words in (
        ("-1", "must be a number above 0"),
        ("wide", "Wide is no number"),
        ("1e-3", "They agree"),
    ):
        person.fills(epsilon, typed)
        person.waits_until(lambda words=words: person.sees(words, popup))
    person.presses("Esc")
    person.waits_until(lambda: QApplication.activePopupWidget() is None)
    person.comes_back()


@pytest.mark.parametrize("ends_it", ["Stop", "Esc"])
def test_a_nudge_of_a_large_net_says_how_far_it_is_and_can_be_stopped(
    person, window, tinkerer, held_up, ends_it
):
    answers = []
    window.controller.nudged.connect(answers.append)
    tinkerer.steps_to("F10", "F10", "F10")
    tinkerer.opens("fc1.w")
    tinkerer.view.go_to((2, 3))
    tinkerer.view.page.setFocus()
    held_up.closes()
    person.presses("N")
    popup = QApplication.activePopupWidget()
    person.waits_until(lambda: answers)
    person.waits_until(lambda: person.sees(f"{answers[-1].done} of", popup))
    assert not person.button("Nudge", popup).isVisible()

    if ends_it == "Stop":
        person.clicks(person.button("Stop", popup))
    else:
        person.presses("Esc")
    held_up.opens()
    person.waits_until(lambda: isinstance(answers[-1], NudgeAnswered))

    assert answers[-1].sentence == "it was stopped"
    if ends_it == "Stop":
        assert person.sees("It was stopped", popup)
        person.clicks(person.button("Nudge", popup))
        person.waits_until(lambda: person.sees("They agree", popup))


def test_a_nudge_of_a_gradient_names_the_weight_that_moves_and_leaves_no_room(
    person, window, tinkerer
):
    tinkerer.steps_to("Shift+F8")
    tinkerer.opens("gradient of fc1.w")
    tinkerer.view.go_to((2, 3))
    tinkerer.view.page.setFocus()
    person.presses("N")

    popup = QApplication.activePopupWidget()
    assert person.sees("Nudge fc1.w[2, 3] by ε =", popup)
    person.waits_until(lambda: told(popup, "Gradient") != "…")
    assert 0 <= popup.height() - popup.childrenRect().bottom() <= 2 * theme.MARGIN


def test_why_a_number_cannot_be_nudged_is_told(person, window, tinkerer):
    tinkerer.steps_to("F8")
    window.tensors.open(Address("data_x"))
    person.opens("Tensors")
    person.waits_until(lambda: tinkerer.view.title == "data.x")
    person.clicks(person.button("Nudge the number", tinkerer.view))
    assert "Choose a number of a weight or a value first" in person.toast()

    tinkerer.view.go_to((0,) * 4)
    person.clicks(person.button("Nudge the number", tinkerer.view))
    popup = QApplication.activePopupWidget()
    person.waits_until(lambda: person.sees("data.x has no gradient", popup))
