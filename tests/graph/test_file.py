"""What is saved is what is opened again; what is not known survives; nothing is half written."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import FileError, Graph, load
from explorer.graph.file import from_content, from_text, to_content, to_text
from explorer.graph.grouping import grouping


def test_a_file_reads_well_as_a_diff(net: Graph) -> None:
    lines = to_text(net).splitlines()

    assert lines[1:5] == [
        '  "format": "backprop-explorer",',
        '  "version": 1,',
        '  "nodes": [',
        '    {"id": "data", "layer": "Data", "position": [0, 40]},',
    ]
    assert '    {"id": "fc2", "layer": "Linear", "settings": {"out_features": 1}, ' in "\n".join(
        lines
    )
    assert '    ["data.x", "fc1.x"],' in lines
    assert list(to_content(net)) == [
        *("format", "version", "nodes", "wires", "groups", "notes", "training")
    ]


def test_saving_and_opening_gives_the_same_graph(net: Graph, tmp_path: Path) -> None:
    net.train_with(epochs=7, optimizer="Adam", loss="loss.loss")
    net.save(tmp_path / "new folder" / "net.json")

    opened = load(tmp_path / "new folder" / "net.json")

    assert to_text(opened) == to_text(net)
    assert (opened.nodes, opened.wires, opened.training) == (net.nodes, net.wires, net.training)
    assert opened.history.saved and opened.undo() is None
    assert opened.problems() == []


def test_a_graph_that_nobody_placed_is_laid_out_when_it_is_opened(tmp_path: Path) -> None:
    graph = Graph()
    for id in ("a", "b", "c", "d"):
        graph.add("ReLU", id=id)
    graph.connect("a.out", "b.x")
    graph.connect("b.out", "c.x")
    graph.connect("c.out", "d.x")
    edit, inner = grouping(graph, ["b", "c"])
    graph.do(edit)
    graph.save(tmp_path / "net.json")

    opened = load(tmp_path / "net.json")

    xs = [opened.item(id).position[0] for id in ("a", inner, "d")]
    assert xs == sorted(xs) and len(set(xs)) == 3
    assert opened.nodes["b"].position[0] < opened.nodes["c"].position[0], "inside, too"
    assert opened.history.saved and opened.undo() is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
FAR = st.floats(-1e6, 1e6)


@settings(deadline=None)
@given(
    title=st.text(max_size=12),
    position=st.tuples(FAR, FAR),
    value=st.floats(-1e6, 1e6) | st.lists(st.floats(-10, 10), min_size=1, max_size=3),
    unknown=st.dictionaries(st.text(max_size=6).map("x_".__add__), JSON, max_size=3),
    notes=st.lists(JSON, max_size=3),
)
def test_any_graph_survives_a_round_trip(
    title: str, position: tuple[float, float], value: Any, unknown: dict[str, Any], notes: list[Any]
) -> None:
    graph = Graph()
    graph.add("Parameter", id="p", title=title, position=position, value=value)
    graph.unknown, graph.unknown_annotations = unknown, {"notes": notes}

    text = to_text(graph)
    opened = from_text(text)

    assert to_text(opened) == text
    assert opened.node("p").layer == graph.node("p").layer
    assert opened.node("p").title == title
    assert opened.node("p").position == pytest.approx(position, abs=0.006)


def test_half_a_surrogate_pair_can_be_saved(tmp_path: Path) -> None:
    graph = Graph()
    graph.add("ReLU", id="r", title="\ud800 é")

    graph.save(tmp_path / "net.json")

    assert load(tmp_path / "net.json").node("r").title == "\ud800 é"


def header(**content: Any) -> dict[str, Any]:
    return {"format": "backprop-explorer", "version": 1, "nodes": [], "wires": [], **content}


def test_what_this_version_does_not_know_survives_a_save_and_is_told() -> None:
    node = {
        "id": "q",
        "layer": "QuantumLinear",
        "settings": {"qubits": [1, 2]},
        "position": [5, 6],
        "title": "future",
        "colour": "teal",
    }
    content = header(
        nodes=[
            {"id": "data", "layer": "Data", "lock": True},
            node,
            {"id": "fc1", "layer": "Linear", "settings": {"out_features": 0, "sparse": True}},
        ],
        wires=[["data.x", "q.in"], ["q.out", "fc1.x"]],
        groups=[{"name": "stem", "nodes": ["data"]}],
        notes=[{"text": "hello"}],
        training={"epochs": 3, "warmup": 0.1},
        zoom={"scale": 1.5},
    )

    graph = from_content(json.loads(json.dumps(content)))
    told = [str(problem) for problem in graph.problems()]

    assert to_content(graph) == content
    assert any(text.startswith("q: there is no layer QuantumLinear") for text in told)
    assert any(text.startswith("fc1: ") for text in told)
    assert any("warmup" in text for text in told)
    graph.move({"q": (1, 1)})
    graph.remove("q")
    graph.undo()
    graph.undo()
    assert to_content(graph) | {"wires": 0} == content | {"wires": 0}
    assert sorted(to_content(graph)["wires"]) == sorted(content["wires"])


def test_a_setting_out_of_range_can_be_mended_after_opening() -> None:
    graph = from_content(
        header(nodes=[{"id": "fc1", "layer": "Linear", "settings": {"out_features": 0}}])
    )

    graph.set("fc1", out_features=4)

    assert to_content(graph)["nodes"][0]["settings"] == {"out_features": 4}


def test_a_file_with_a_byte_order_mark_opens(net: Graph, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(to_text(net), encoding="utf-8-sig")

    assert to_text(load(path)) == to_text(net)


NODE = {"id": "a", "layer": "ReLU"}
OTHER = {"id": "b", "layer": "ReLU"}
ADD = {"id": "c", "layer": "Add"}
BROKEN: dict[str, Any] = {
    "empty": "",
    "white space": " \n ",
    "not JSON": "{nodes: []}",
    "cut off": '{"format": "backprop-explorer", "version": 1, "nodes": [',
    "a list": [],
    "a number": 3,
    "null": None,
    "another format": {"format": "keras", "version": 1},
    "no format": {"version": 1},
    "a newer version": header(version=2),
    "version 0": header(version=0),
    "version true": header(version=True),
    "version a text": header(version="1"),
    "version a fraction": header(version=1.5),
    "no version": {"format": "backprop-explorer"},
    "nodes no list": header(nodes={"a": 1}),
    "wires no list": header(wires="a.out b.x"),
    "groups no list": header(groups=None),
    "a node no object": header(nodes=["a"]),
    "a node without id": header(nodes=[{"layer": "ReLU"}]),
    "a node without layer": header(nodes=[{"id": "a"}]),
    "an empty id": header(nodes=[{"id": "", "layer": "ReLU"}]),
    "an id with a dot": header(nodes=[{"id": "a.b", "layer": "ReLU"}]),
    "an id of code": header(nodes=[{"id": "a = 1; import os", "layer": "ReLU"}]),
    "an id with a line end": header(nodes=[{"id": "a\n", "layer": "ReLU"}]),
    "an id no text": header(nodes=[{"id": 3, "layer": "ReLU"}]),
    "an id twice": header(nodes=[NODE, NODE]),
    "settings a list": header(nodes=[{**NODE, "settings": []}]),
    "settings null": header(nodes=[{**NODE, "settings": None}]),
    "a title no text": header(nodes=[{**NODE, "title": 3}]),
    "a position no list": header(nodes=[{**NODE, "position": "here"}]),
    "one coordinate": header(nodes=[{**NODE, "position": [1]}]),
    "three coordinates": header(nodes=[{**NODE, "position": [1, 2, 3]}]),
    "coordinates of text": header(nodes=[{**NODE, "position": ["1", "2"]}]),
    "a NaN position": header(nodes=[{**NODE, "position": [float("nan"), 0]}]),
    "an infinite position": header(nodes=[{**NODE, "position": [float("inf"), 0]}]),
    "a huge position": header(nodes=[{**NODE, "position": [10**400, 0]}]),
    "a wire of one end": header(nodes=[NODE], wires=[["a.out"]]),
    "a wire no pair": header(nodes=[NODE], wires=["a.out"]),
    "a wire of numbers": header(nodes=[NODE], wires=[[1, 2]]),
    "a wire to nowhere": header(nodes=[NODE], wires=[["a.out", "z.x"]]),
    "a wire from nowhere": header(nodes=[NODE], wires=[["z.out", "a.x"]]),
    "a wire to no port": header(nodes=[NODE, OTHER], wires=[["a.out", "b.y"]]),
    "a wire the wrong way": header(nodes=[NODE, OTHER], wires=[["a.x", "b.out"]]),
    "a self loop": header(nodes=[NODE], wires=[["a.out", "a.x"]]),
    "a cycle": header(nodes=[NODE, OTHER], wires=[["a.out", "b.x"], ["b.out", "a.x"]]),
    "two wires into one port": header(
        nodes=[NODE, OTHER, ADD], wires=[["a.out", "c.a"], ["b.out", "c.a"]]
    ),
    "training no object": header(training=[]),
    "training out of range": header(training={"epochs": 0}),
    "training of text": header(training={"learning_rate": "fast"}),
    "a NaN learning rate": header(training={"learning_rate": float("nan")}),
    "deep nesting": "[" * 100_000,
    "deep nesting, closed": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "a huge number": '{"format": "backprop-explorer", "version": ' + "9" * 5000 + "}",
    "binary": b"\x89PNG\r\n\x1a\n\x00\xff",
    "UTF-16": json.dumps(header()).encode("utf-16"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_in_one_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    content = BROKEN[name]
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))

    with pytest.raises(FileError) as told:
        load(path)

    message = str(told.value)
    assert message.startswith(str(path))
    assert "\n" not in message and "Traceback" not in message and "pydantic" not in message
    assert len(message) < 400
    assert told.value.__cause__ is None and told.value.__suppress_context__


def test_huge_settings_are_a_problem_and_not_a_crash() -> None:
    nested: Any = 1.0
    for _ in range(900):
        nested = [nested]
    settings: list[tuple[str, dict[str, Any]]] = [
        ("Parameter", {"value": nested}),
        ("Parameter", {"value": 10**400}),
        ("Parameter", {"value": [10**400]}),
        ("Parameter", {"value": [[1], [1, 2]]}),
        ("Parameter", {"value": ["a"]}),
        ("Parameter", {"value": [None]}),
        ("Parameter", {"value": {}}),
        ("Parameter", {"value": []}),
        ("Linear", {"out_features": 10**30}),
        ("Linear", {"w_init": "(" * 1000}),
        ("Linear", {"w_init": "normal(" + "(" * 5000 + ")"}),
        ("Input", {"shape": [-1]}),
        ("Data", {"noise": float("nan")}),
    ]
    nodes = [
        {"id": f"n{i}", "layer": layer, "settings": chosen}
        for i, (layer, chosen) in enumerate(settings)
    ]

    graph = from_content(header(nodes=nodes))

    told = {p.node: p for p in graph.problems() if p.severity == "error"}
    for node in nodes:
        assert told[node["id"]].hint, node
        assert len(told[node["id"]].message) < 400


def test_no_file_a_folder_and_no_permission_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileError, match="no such file"):
        load(tmp_path / "none.json")
    with pytest.raises(FileError, match="is a folder"):
        load(tmp_path)
    (tmp_path / "locked.json").write_text("{}")

    def denied(*_: Any, **__: Any) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", denied)
    with pytest.raises(FileError, match="cannot be read: Permission denied"):
        load(tmp_path / "locked.json")


@pytest.mark.parametrize("failing", ["fsync", "replace", "mkstemp"])
def test_a_save_that_fails_leaves_the_old_file_and_no_other(
    net: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    path = tmp_path / "net.json"
    net.save(path)
    before = path.read_bytes()
    net.rename("fc1", "changed")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    owner = {"fsync": os, "replace": Path, "mkstemp": __import__("tempfile")}[failing]
    monkeypatch.setattr(owner, failing, full)
    with pytest.raises(FileError, match="cannot be written: No space left on device"):
        net.save(path)

    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.json"]


def test_a_save_keeps_the_files_permissions(net: Graph, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    net.save(path)
    path.chmod(0o640)

    net.save(path)

    assert path.stat().st_mode & 0o777 == 0o640


def test_saving_onto_a_folder_is_told(net: Graph, tmp_path: Path) -> None:
    (tmp_path / "net.json").mkdir()

    with pytest.raises(FileError, match="cannot be written"):
        net.save(tmp_path / "net.json")

    assert [entry.name for entry in tmp_path.iterdir()] == ["net.json"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_told(number: str) -> None:
    text = to_text(Graph()).replace('"notes": []', f'"notes": [{number}]')
    with pytest.raises(FileError, match=f"it has no {number}"):
        from_text(text)
    graph = Graph()
    graph.unknown_annotations.setdefault("notes", []).append(
        float(number.replace("Infinity", "inf"))
    )
    with pytest.raises(FileError, match="no NaN or infinity"):
        to_text(graph)


def test_saving_through_a_link_writes_where_it_points(tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    Graph().save(target)
    link.symlink_to(target)

    graph = Graph()
    graph.add("ReLU")
    graph.save(link)

    assert link.is_symlink()
    assert "ReLU" in target.read_text(encoding="utf-8")


def test_a_name_with_a_nul_is_told() -> None:
    for work in (load, Graph().save):
        with pytest.raises(FileError, match="cannot be"):
            work("a\0b.json")
