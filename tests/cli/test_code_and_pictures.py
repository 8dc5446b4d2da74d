"""`code` and `show`: a graph as Python, and as a picture."""

from pathlib import Path

import pytest

import explorer
from explorer import FileError, Graph
from explorer.cli.parts import Parts
from explorer.exchange import pages
from explorer.exchange.page import Way
from tests.cli.conftest import Call, no_window


def test_code_is_the_page_that_training_executes(call: Call, net: Path) -> None:
    found = call("code", net)

    assert found.code == 0
    assert found.out == explorer.compile(explorer.load(net), name="net").source
    assert found.out == call("code", net, "--as", "program").out


def test_the_page_runs_as_it_is(call: Call, net: Path) -> None:
    namespace: dict[str, object] = {}

    exec(call("code", net).out, namespace)

    assert callable(namespace["forward"])
    assert callable(namespace["backward"])


def test_a_machine_gets_the_page_as_a_string(call: Call, net: Path) -> None:
    document = call("code", net, "--json").document

    assert document == {"file": str(net), "as": "program", "source": call("code", net).out}


@pytest.mark.parametrize("way", ["naive", "autograd", "module"])
def test_code_is_written_in_the_way_that_is_asked_for(call: Call, net: Path, way: Way) -> None:
    graph = explorer.load(net)

    found = call("code", net, "--as", way)

    assert found.code == 0
    assert found.out == pages.page(graph, explorer.compile(graph, name="net"), way).text


@pytest.mark.parametrize("machine", [(), ("--json",)])
def test_a_net_that_cannot_be_written_so_is_told_with_what_can(call: Call, machine: tuple) -> None:
    found = call("code", "char_lstm", "--as", "naive", *machine)

    assert found.code == 1
    assert "lstm cannot be written by hand" in found.err
    assert "look at how --as program writes it" in found.err


def test_a_page_is_written_to_a_file(call: Call, net: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.py"

    found = call("code", net, "--as", "module", "--out", page)

    assert found.code == 0
    assert found.out == f"net is written to {page}\n"
    assert page.read_text(encoding="utf-8") == call("code", net, "--as", "module").out


def test_a_machine_is_told_where_the_page_is(call: Call, net: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.py"

    document = call("code", net, "--out", page, "--json").document

    assert document == {"file": str(net), "as": "program", "page": str(page)}


def test_a_net_that_cannot_be_written_so_is_told_in_a_line(call: Call) -> None:
    found = call("code", "char_lstm", "--as", "naive")

    assert found.code == 1
    assert found.out == ""
    assert found.err.startswith("error: lstm cannot be written by hand")
    assert found.err.count("\n") == 1


def test_a_picture_is_drawn_of_the_graph(call: Call, net: Path, tmp_path: Path) -> None:
    picture = tmp_path / "net.svg"

    found = call("show", net, "--out", picture)

    assert found.code == 0
    assert picture.read_text(encoding="utf-8") == "data fc1 loss"
    assert str(picture) in found.out


def test_a_machine_is_told_where_the_picture_is(call: Call, net: Path, tmp_path: Path) -> None:
    picture = tmp_path / "net.png"

    document = call("show", net, "--out", picture, "--json").document

    assert document == {"file": str(net), "picture": str(picture)}


def test_a_picture_that_cannot_be_written_is_told(call: Call, net: Path) -> None:
    def refuse(graph: Graph, path: Path) -> None:
        raise FileError(f"{path} is no picture's name")

    found = call("show", net, "--out", "a.doc", parts=Parts(no_window, refuse))

    assert found.code == 2
    assert found.err == "error: a.doc is no picture's name\n"


def test_pictures_without_qt_are_told(call: Call, net: Path) -> None:
    def draw(graph: Graph, path: Path) -> None:
        raise ImportError("libEGL.so.1: cannot open shared object file", name="PySide6.QtGui")

    found = call("show", net, "--out", "a.png", parts=Parts(no_window, draw))

    assert found.code == 1
    assert found.out == ""
    assert found.err.count("\n") == 1
    assert "libEGL.so.1" in found.err


def test_a_bug_looks_like_one(call: Call, net: Path) -> None:
    def draw(graph: Graph, path: Path) -> None:
        raise ModuleNotFoundError("No module named 'explorer.app.pictrue'", name="explorer.app")

    with pytest.raises(ModuleNotFoundError):
        call("show", net, "--out", "a.png", parts=Parts(no_window, draw))
