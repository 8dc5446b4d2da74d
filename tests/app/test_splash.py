"""The program's name is seen while torch is loaded."""

import gc
import subprocess
import sys

import pytest
from PySide6.QtCore import QSettings

import explorer
from explorer.app import theme
from explorer.app.splash import show_splash

SPLASH_ALONE = """
import os, sys
from explorer.app.splash import show_splash
splash = show_splash()
sys.stdout.write(f"{splash.isVisible()} {'torch' in sys.modules}")
sys.stdout.flush()
os._exit(0)
"""


def test_something_is_seen_before_torch_is_there():
    found = subprocess.run(
        [sys.executable, "-c", SPLASH_ALONE], capture_output=True, text=True, check=True
    )

    assert found.stdout == "True False", found.stderr


@pytest.fixture
def chosen(qapp, tmp_path):
    """Chooses a theme as the program would find it chosen; both are forgotten afterwards."""
    ini, program = QSettings.Format.IniFormat, "Backprop Explorer"
    before = theme.current(), QSettings.defaultFormat()
    QSettings.setDefaultFormat(ini)
    QSettings.setPath(ini, QSettings.Scope.UserScope, str(tmp_path))
    settings = QSettings(ini, QSettings.Scope.UserScope, program, program)
    yield lambda name: (settings.setValue("theme", name), settings.sync())
    gc.enable()
    theme.apply(qapp, before[0])
    QSettings.setDefaultFormat(before[1])
    qapp.setOrganizationName("")
    qapp.setApplicationName("")


@pytest.mark.parametrize("name, expected", [("dark", theme.DARK), ("light", theme.LIGHT)])
def test_it_has_the_colours_that_were_chosen(chosen, qtbot, name, expected):
    chosen(name)

    splash = show_splash()
    qtbot.addWidget(splash)

    assert theme.current() is expected
    corner = splash.pixmap().toImage().pixelColor(20, 20)
    assert corner == theme.colour(expected.panel)


@pytest.mark.parametrize("name", explorer.__all__)
def test_each_public_name_comes_when_it_is_asked_for(name):
    assert getattr(explorer, name) is not None


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="explorer has no Nonsense"):
        _ = explorer.Nonsense
