"""The page that explains calls, in the light theme."""

from collections.abc import Callable

import pytest

from explorer.app import theme

from .nets import NETS
from .student import Student


@pytest.fixture(scope="session", autouse=True)
def in_daylight(qapp) -> None:
    """The light theme, put on once: it takes a while."""
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture
def student(qtbot) -> Callable[..., Student]:
    """Seats a student before the net about a layer."""

    def seat(layer: str, node: str = "it") -> Student:
        found = Student(*NETS[layer](node))
        qtbot.addWidget(found.page)
        return found

    return seat
