"""What the popup of a nudge says of it."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from explorer.app.tensors.nudge_popup import NudgePopup
from explorer.app.what_if.requests import Nudge, NudgeAnswered
from explorer.program.nudging import Nudged


@pytest.fixture
def asker(qtbot) -> Callable[[], tuple[NudgePopup, Nudge]]:
    """Opens a popup each time that has asked for a nudge of the same number, and that request."""
    owner = QWidget()
    qtbot.addWidget(owner)

    def ask() -> tuple[NudgePopup, Nudge]:
        popup, asked = NudgePopup(owner, "fc1.w", "fc1_w", (0, 0)), []
        popup.asked.connect(asked.append)
        popup.nudge()
        return popup, asked[0]

    return ask


def losses_in(popup: NudgePopup) -> str:
    (label,) = (e for e in popup.findChildren(QLabel) if e.accessibleName().startswith("Loss at"))
    return label.text()


@pytest.mark.parametrize(
    ("losses", "shown"),
    [
        ((1.0, 2.0, 3.0), "1, 2, 3"),
        ((0.5 - 3e-12, 0.5, 0.5 + 3e-12), "0.499999999997, 0.5, 0.500000000003"),
        ((2.0, 2.0, 2.0), "2, 2, 2"),
    ],
)
def test_losses_have_as_many_digits_as_tell_them_apart(asker, losses, shown):
    popup, nudge = asker()
    below, loss, above = losses
    found = Nudged("fc1.w", (0, 0), 1.0, 1e-4, below, loss, above, 0.0)

    popup.hear(NudgeAnswered(nudge, found))

    assert losses_in(popup) == shown


def test_what_became_of_an_earlier_nudge_of_the_same_number_is_no_answer(asker):
    before, stopped = asker()
    before.close()
    popup, nudge = asker()
    assert nudge == stopped

    popup.hear(NudgeAnswered(stopped, None, "it was stopped"))
    assert losses_in(popup) == "…"

    popup.hear(NudgeAnswered(nudge, Nudged("fc1.w", (0, 0), 1.0, 1e-4, 1.0, 2.0, 3.0, 0.0)))
    assert losses_in(popup) == "1, 2, 3"
