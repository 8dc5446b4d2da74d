"""A worker that can be asked of the tensors it holds."""

from collections.abc import Iterator

import pytest

from ..test_worker import Desk


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.worker.close()
