"""What the popup of a nudge says of it."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from explorer.app.tensors.nudge_popup import NudgePopup
from explorer.app.what_if.requests import Nudge, NudgeAnswered
from explorer.program.nudging import Nudged


@pytest.mark.parametrize(
    ("losses", "shown"),
    [
        ((1.0, 2.0, 3.0), "1, 2, 3"),
        ((0.5 - 3e-12, 0.5, 0.5 + 3e-12), "0.499999999997, 0.5, 0.500000000003"),
        ((2.0, 2.0, 2.0), "2, 2, 2"),
    ],
)
def test_losses_have_as_many_digits_as_tell_them_apart(qtbot, losses, shown):
    owner = QWidget()
    qtbot.addWidget(owner)
    popup = NudgePopup(owner, "fc1.w", "fc1_w", (0, 0))
    popup.nudge()
    below, loss, above = losses
    found = Nudged("fc1.w", (0, 0), 1.0, 1e-4, below, loss, above, 0.0)

    popup.hear(NudgeAnswered(Nudge("fc1_w", (0, 0), 1e-4), found))

    (label,) = (e for e in popup.findChildren(QLabel) if e.accessibleName().startswith("Loss at"))
    assert label.text() == shown
