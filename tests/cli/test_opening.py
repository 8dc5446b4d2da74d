"""No command: the window, or, where there can be none, training in the terminal."""

from pathlib import Path

import pytest

from explorer.cli.parts import Parts
from explorer.graph import examples
from tests.cli.conftest import Call, write_nodes

linux_only = pytest.mark.skipif("sys.platform != 'linux'", reason="others always have a display")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """What windows were asked to open with; there is a display."""
    monkeypatch.setenv("DISPLAY", ":0")
    return []


def parts(opened: list[Path | None], code: int = 0) -> Parts:
    def open_window(path: Path | None) -> int:
        opened.append(path)
        return code

    return Parts(open_window, write_nodes)


def test_nothing_typed_opens_the_window(call: Call, opened: list[Path | None]) -> None:
    found = call(parts=parts(opened))

    assert (found.code, found.out, found.err) == (0, "", "")
    assert opened == [None]


def test_a_file_opens_in_the_window(call: Call, opened: list[Path | None], net: Path) -> None:
    found = call(net, parts=parts(opened, code=3))

    assert found.code == 3
    assert opened == [net]


def test_a_starter_graph_opens_by_its_name(call: Call, opened: list[Path | None]) -> None:
    assert call("spiral", parts=parts(opened)).code == 0
    assert opened == [examples.path("spiral")]


def test_an_unusable_file_is_told_before_any_window(
    call: Call, opened: list[Path | None], tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")

    found = call(tmp_path / "broken.json", parts=parts(opened))

    assert found.code == 2
    assert "not valid JSON" in found.err
    assert opened == []


@linux_only
def test_without_a_display_the_file_is_trained_in_the_terminal(
    call: Call, net: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)

    found = call(net)

    first, second, *_ = found.out.splitlines()
    assert found.code == 0
    assert "there is no display" in first
    assert f"{net} is trained here in the terminal" in first
    assert second.startswith("net: 3 nodes")


@linux_only
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISPLAY", "another-machine:0"),
        ("WAYLAND_DISPLAY", "wayland-0"),
        ("QT_QPA_PLATFORM", "offscreen"),
    ],
)
def test_any_of_three_variables_means_a_display(
    call: Call, net: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for each in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, value)
    opened: list[Path | None] = []

    call(net, parts=parts(opened))

    assert opened == [net]


@linux_only
def test_where_no_server_answers_at_the_display_the_file_is_trained(
    call: Call, net: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv("DISPLAY", ":98765")

    found = call(net)

    assert found.code == 0
    assert "no X server answers at DISPLAY=:98765" in found.out.splitlines()[0]


def test_without_qts_system_libraries_the_file_is_trained_too(
    call: Call, opened: list[Path | None], net: Path
) -> None:
    def open_window(path: Path | None) -> int:
        raise ImportError("libEGL.so.1: cannot open shared object file", name="PySide6.QtGui")

    found = call(net, parts=Parts(open_window, write_nodes))

    assert found.code == 0
    assert "libEGL.so.1: cannot open shared object file" in found.out.splitlines()[0]
    assert "Done in" in found.out


def test_ctrl_c_is_no_traceback(call: Call, opened: list[Path | None]) -> None:
    def open_window(path: Path | None) -> int:
        raise KeyboardInterrupt

    found = call(parts=Parts(open_window, write_nodes))

    assert found.code == 1
    assert found.err == "error: stopped by Ctrl-C before it was done\n"
