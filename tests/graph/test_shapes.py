"""The shape on every wire, in terms of N, kept up by running what an edit touched."""

from typing import Any

import pytest
import torch

from explorer import Graph
from explorer.graph import shapes as shapes_module
from explorer.graph.meta import concrete


def chain(*layers: tuple[str, dict[str, Any]]) -> dict[str, tuple]:
    """Layers one after the other; their shapes by number."""
    graph = Graph()
    for number, (layer, settings) in enumerate(layers):
        graph.add(layer, id=f"n{number}", **settings)
        if number:
            graph.connect(f"n{number - 1}.out", f"n{number}.x")
    return {path.partition(".")[0]: shape for path, shape in graph.shapes().items()}


def test_shapes_of_a_net(net: Graph) -> None:
    assert net.shapes() == {
        "data.x": ("N", 2),
        "data.y": ("N", 1),
        "fc1.out": ("N", 8),
        "relu1.out": ("N", 8),
        "fc2.out": ("N", 1),
        "loss.loss": (),
    }


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([("Input", {"shape": ()})], ("N",)),
        ([("Input", {"shape": (2, 3)}), ("Flatten", {})], ("N", 6)),
        ([("Input", {"shape": (4, 4)}), ("Flatten", {"start_dim": 0})], ("16N",)),
        ([("Input", {"shape": (2, 5)}), ("Flatten", {"start_dim": 0, "end_dim": 1})], ("2N", 5)),
        ([("Input", {"shape": (7, 11)}), ("Flatten", {})], ("N", 77)),
        ([("Input", {"shape": (3,)}), ("Sum", {"dim": 0})], (3,)),
        ([("Input", {"shape": (3,)}), ("Mean", {"dim": -1, "keepdim": True})], ("N", 1)),
        ([("Input", {"shape": (3,)}), ("Sum", {})], ()),
        ([("Input", {"shape": (3,)}), ("Sum", {"keepdim": True})], (1, 1)),
        ([("Parameter", {"value": 3.0})], ()),
        ([("Parameter", {"value": [[1.0, 2, 3]]})], (1, 3)),
        ([("Input", {"shape": (5, 4)}), ("Linear", {"out_features": 2})], ("N", 5, 2)),
        (
            [
                ("Input", {"shape": (4,)}),
                ("Flatten", {"start_dim": 0}),
                ("Flatten", {"start_dim": 0}),
            ],
            ("4N",),
        ),
    ],
    ids=str,
)
def test_a_shape_speaks_of_n(layers: list[tuple[str, dict[str, Any]]], shape: tuple) -> None:
    assert chain(*layers)[f"n{len(layers) - 1}"] == shape


@pytest.mark.parametrize(
    ("shape", "batch", "sizes"),
    [
        (("N", 3), 4, (4, 3)),
        (("16N",), 2, (32,)),
        (("2N+1", "N-1"), 3, (7, 2)),
        ((), 9, ()),
    ],
)
def test_a_shape_with_a_number_for_n(shape: tuple, batch: int, sizes: tuple[int, ...]) -> None:
    assert concrete(shape, batch) == sizes


def test_shapes_are_those_of_a_real_run(net: Graph) -> None:
    from explorer import compile

    session = compile(net).start()
    session.forward({"data.x": torch.zeros(3, 2), "data.y": torch.zeros(3, 1)})

    for path, shape in net.shapes().items():
        assert tuple(session.value(path).shape) == concrete(shape, 3)


def test_a_change_is_followed_through_the_net(net: Graph) -> None:
    net.set("fc1", out_features=5)
    assert net.shapes()["relu1.out"] == ("N", 5)
    net.disconnect("fc1.x")
    assert set(net.shapes()) == {"data.x", "data.y"}
    net.undo()
    assert net.shapes()["relu1.out"] == ("N", 5)
    net.set("data", dataset="digits", labels="class")
    assert [str(p) for p in net.problems()][0].startswith("fc1 expects (N, D)")


def test_only_what_an_edit_touched_is_looked_at_again(
    net: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    look = shapes_module._report

    def spy(id: str, *arguments: Any) -> Any:
        looked.append(id)
        return look(id, *arguments)

    net.shapes()
    monkeypatch.setattr(shapes_module, "_report", spy)

    net.move({"relu1": (9, 9)})
    net.shapes()
    assert looked == [], "it computes what it did, wherever it stands"
    net.set("fc1", out_features=4)
    net.shapes()
    assert looked == ["fc1", "relu1", "fc2"], "fc2 gives what it gave, so the loss is not"


def test_a_fault_hides_only_what_follows_from_it(net: Graph) -> None:
    net.set("data", dataset="digits", labels="class")

    shapes = net.shapes()

    assert set(shapes) == {"data.x", "data.y"}
    assert len([p for p in net.problems() if p.severity == "error"]) == 1


def test_parameters_are_known_before_anything_runs(net: Graph) -> None:
    parameters = net.analysis.report("fc1").parameters

    assert {name: spec.shape for name, spec in parameters.items()} == {"w": (2, 8), "b": (8,)}


def test_a_layer_that_breaks_while_shapes_are_found_does_not_break_the_rest(
    net: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    from explorer.layers import Tanh

    def broken(x: torch.Tensor) -> tuple:
        raise IndexError("Dimension out of range")

    monkeypatch.setattr(Tanh, "forward", staticmethod(broken))
    net.set("fc1", out_features=37)  # a shape that no other test has had looked up already
    net.add("Tanh", id="tanh1")
    net.connect("fc1.out", "tanh1.x")

    assert net.shapes()["loss.loss"] == ()
    (fault,) = net.analysis.report("tanh1").faults
    assert fault.message == "tanh1 cannot run on (N, 37): Dimension out of range"
    assert fault.hint


def test_a_bug_in_a_layer_shows_each_time_and_is_gone_when_mended(
    net: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    from explorer.layers import Tanh

    shapes_module._run_on_meta.cache_clear()

    def buggy(x: torch.Tensor) -> tuple:
        raise KeyError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(Tanh, "forward", staticmethod(buggy))
        net.add("Tanh", id="tanh1")
        net.connect("fc2.out", "tanh1.x")
        for _ in range(2):
            with pytest.raises(KeyError, match="a bug"):
                net.shapes()

    assert net.shapes()["tanh1.out"] == ("N", 1)


def test_rows_multiplied_by_rows_are_refused(net: Graph) -> None:
    for id, kind, settings in (
        ("row", "Unsqueeze", {"dim": 1}),
        ("column", "Transpose", {"dim0": 0, "dim1": 1}),
        ("all", "Flatten", {"start_dim": 0, "end_dim": 1}),
    ):
        net.add(kind, id=id, **settings)
    net.add("Input", id="x", shape=(4,))
    net.add("Subtract", id="apart")
    wires = "x.out row.x", "row.out column.x", "row.out apart.a", "column.out apart.b"
    for wire in (*wires, "apart.out all.x"):
        net.connect(*wire.split())

    assert "all.out" not in net.shapes()
    assert any("multiplied by itself" in p.message for p in net.problems())


def test_the_number_of_classes_survives_being_rearranged() -> None:
    graph = Graph()
    graph.add("Data", id="data", dataset="text")
    graph.add("Slice", id="slice", dim=1, start=0, stop=8)
    graph.add("Embedding", id="emb", num_embeddings=10)
    graph.connect("data.x", "slice.x")
    graph.connect("slice.out", "emb.x")

    assert any("emb expects" in p.message and "66" in p.hint for p in graph.problems())


def test_a_data_file_that_has_changed_is_noticed(tmp_path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a,b,y\n" + "".join(f"1,{n},{n}\n" for n in range(5)))
    graph = Graph()
    graph.add("Data", id="data", dataset="csv", path=str(file))
    graph.problems()
    assert graph.shapes()["data.x"] == ("N", 2)

    file.write_text("a,b,c,y\n" + "".join(f"1,{n},2,{n}\n" for n in range(6)))
    graph.problems()

    assert graph.shapes()["data.x"] == ("N", 3)


def test_problems_are_found_anew_after_every_change(net: Graph) -> None:
    assert net.problems() == net.problems() == []

    net.disconnect("relu1.x")

    assert net.problems()[0].node == "relu1"
    net.problems().clear()
    assert net.problems()
    net.undo()
    assert net.problems() == []
