"""Layers that multiply by a matrix tell in a sentence what they cannot take."""

import pytest
import torch

from explorer import Graph, layers
from explorer.layers import Mismatch, Shape, Spec, shape_text
from tests.layers.sentences import refusal, setting_refusal

N = "N"


@pytest.mark.parametrize(
    ("x1", "x2", "sentence"),
    [
        ((N,), (N, 4), "expects (N, …, D); it gets (N,): wire rows of features to it"),
        ((N, 4), (4, N), "expects (N, …, D) with a fixed D; it gets (4, N): keep the batch axis"),
        ((N, 4), (N, 2, 4), "expects x1 and x2 alike in all but the last axis (x1 is (N, 4)); "),
        ((N, 3), (7, 3), "expects x1 and x2 alike in all but the last axis (x1 is (N, 3)); "),
    ],
)
def test_bilinear_wants_two_inputs_row_by_row(x1: Shape, x2: Shape, sentence: str) -> None:
    assert refusal("Bilinear", {}, x1, x2).startswith(sentence)


@pytest.mark.parametrize(
    ("a", "b", "expects", "hint"),
    [
        ((N, 3), (4, 5), "as many rows in b as a has columns, 3", "the last axis of a 4 long"),
        ((N, 2, 3), (N, 2, 3), "as many rows in b as a has columns, 3", "a Transpose before b"),
        ((N, 3), (4,), "as many rows in b as a has columns, 3", "the last axis of a 4 long"),
        ((N, 2, 3), (), "at least one axis", "use Multiply for a single number"),
        ((N, 4, 2, 3), (5, 3, 2), "a and b alike in all but the last two axes", "have 1 there"),
        ((N, 1, 2, 3), (N, 3, 4), "the batch axis where a has it", "Unsqueeze the one with fewer"),
        ((N, 4), (N, 4, 5), "the batch axis where a has it", "each row meets every other row"),
    ],
)
def test_matrices_that_do_not_go_together_are_told(
    a: Shape, b: Shape, expects: str, hint: str
) -> None:
    told = refusal("MatMul", {}, a, b)

    assert told.startswith(f"expects {expects}")
    assert f"; it gets {shape_text(b)}: " in told
    assert hint in told.rpartition("it gets")[2]


@pytest.mark.parametrize(
    ("a", "b"),
    [((N, 3), (3,)), ((3,), (N, 3, 2)), ((N, 4, 2, 3), (N, 1, 3, 5)), ((N, 2, 3), (3, 4))],
)
def test_what_torch_multiplies_is_taken(a: Shape, b: Shape) -> None:
    assert refusal("MatMul", {}, a, b) == ""


@pytest.mark.parametrize(("name", "port"), [("Bilinear", "x1"), ("MatMul", "a"), ("Linear", "x")])
def test_labels_are_no_features(name: str, port: str) -> None:
    layer = layers.find(name).parse({})
    labels = Spec((N, 4), torch.int64)

    with pytest.raises(Mismatch, match="numbers with a fraction") as told:
        layer.check(*(labels for _ in layer.takes))

    assert told.value.port == port


@pytest.mark.parametrize("dtype", [torch.float32, torch.bool])
def test_embedding_wants_indices(dtype: torch.dtype) -> None:
    with pytest.raises(Mismatch, match="indices") as told:
        layers.Embedding().check(Spec((N, 4), dtype))

    assert told.value.gets == f"{str(dtype).removeprefix('torch.')} numbers"
    assert "class indices" in told.value.hint


def test_embedding_knows_when_a_text_has_more_characters() -> None:
    graph = Graph()
    graph.add("Data", id="data", dataset="text")
    graph.add("Embedding", id="emb1", num_embeddings=50)
    graph.connect("data.x", "emb1.x")
    classes = graph.analysis.spec("data.x").classes

    (fault,) = graph.analysis.report("emb1").faults
    assert fault.message == f"emb1 expects indices below 50; it gets indices up to {classes - 1}"
    assert fault.hint == f"set num_embeddings to {classes}"

    graph.set("emb1", num_embeddings=classes)
    assert graph.shapes()["emb1.out"] == (N, 64, 64)


@pytest.mark.parametrize(
    ("name", "settings", "sentence"),
    [
        ("Embedding", {"num_embeddings": 0}, "num_embeddings must be greater than or equal to 1"),
        ("Embedding", {"padding_idx": -1}, "padding_idx must be greater than or equal to 0"),
        (
            *("Embedding", {"num_embeddings": 5, "padding_idx": 5}),
            "padding_idx must be below num_embeddings, 5; it is 5",
        ),
        ("Embedding", {"w_init": "wide"}, "w_init must be one of default, zeros"),
        ("Bilinear", {"out_features": 0}, "out_features must be greater than or equal to 1"),
        ("Bilinear", {"in1_features": 3}, "Bilinear has no setting in1_features"),
        ("MatMul", {"bias": True}, "MatMul has no setting bias"),
    ],
)
def test_a_setting_out_of_range_is_told(name: str, settings: dict, sentence: str) -> None:
    assert setting_refusal(name, settings).startswith(sentence)
