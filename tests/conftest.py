"""Nothing that the person before this machine keeps is seen, or touched, by a test."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own for what the program keeps for a person."""
    folder = tmp_path_factory.mktemp("person")
    os.environ["XDG_DATA_HOME"] = str(folder)
    return folder
