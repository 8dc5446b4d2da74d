"""What losses say of predictions, targets and settings that do not fit."""

from typing import Any

import pytest
import torch

from explorer import Graph, layers
from explorer.layers import Mismatch, Shape, Spec, shape_text

N = "N"
ELEMENTWISE = (
    *("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCELoss", "BCEWithLogitsLoss"),
    *("KLDivLoss", "PoissonNLLLoss", "GaussianNLLLoss"),
)
OF_CLASSES = ("CrossEntropyLoss", "NLLLoss")


def numbers(*shape: int | str) -> Spec:
    return Spec(shape, torch.float32)


def labels(*shape: int | str, classes: int | None = None) -> Spec:
    return Spec(shape, torch.int64, classes)


def told(loss: str, *inputs: Spec | None, **settings: Any) -> str:
    """The sentence that a person reads; "" where the loss takes these inputs."""
    layer = layers.find(loss).parse(settings)
    try:
        layer.check(*inputs)
    except Mismatch as found:
        met = inputs[layer.takes.index(found.port)]
        gets = found.gets or shape_text(met.shape)
        return f"{found.port} expects {found.expects}; it gets {gets}: {found.hint}"
    return ""


@pytest.mark.parametrize("loss", ELEMENTWISE)
@pytest.mark.parametrize(
    ("y_hat", "y", "mend"),
    [
        ((N, 1), (N,), "each row would be compared with every other"),
        ((N,), (N, 1), "each row would be compared with every other"),
        ((N, 3), (N, 1), "set out_features of the last Linear before it to 1"),
        ((N, 1, 8, 8), (N, 1), "put a Flatten before it"),
    ],
)
def test_a_prediction_is_never_broadcast_against_its_target(
    loss: str, y_hat: Shape, y: Shape, mend: str
) -> None:
    rest = [numbers(*y)] * (len(layers.find(loss).inputs) - 2)

    sentence = told(loss, numbers(*y_hat), numbers(*y), *rest)

    assert sentence.startswith(
        f"y_hat expects the shape of y, {shape_text(y)}; it gets {shape_text(y_hat)}: "
    )
    assert mend in sentence


@pytest.mark.parametrize("loss", ELEMENTWISE)
def test_a_loss_for_numbers_sends_class_labels_to_cross_entropy(loss: str) -> None:
    rest = [numbers(N, 1)] * (len(layers.find(loss).inputs) - 2)

    assert told(loss, numbers(N, 1), labels(N, 1), *rest) == (
        "y expects numbers (float); it gets whole-number class labels: choose a data set with "
        "numbers as targets, or use CrossEntropyLoss for classes"
    )
    assert told(loss, labels(N, 1), numbers(N, 1), *rest).startswith(
        "y_hat expects a prediction (float)"
    )


@pytest.mark.parametrize("loss", OF_CLASSES)
@pytest.mark.parametrize(
    ("y_hat", "y", "sentence"),
    [
        (numbers(N, 3), numbers(N, 1), "it gets numbers with a fraction, (N, 1): choose a data"),
        (numbers(N, 3), Spec((N,), torch.bool), "class indices (whole numbers); it gets bool"),
        (labels(N, 3), labels(N), "y_hat expects one"),
        (numbers(N), labels(N), "y_hat expects (N, C), one"),
        (numbers(N, 3), labels(N, 2), "expects (N, C, 2); it gets (N, 3)"),
        (numbers(N, 3, 8), labels(N), "expects (N, C); it gets (N, 3, 8): put a Flatten"),
        (numbers(N, 3), labels(N, classes=10), "each of the 10 classes; it gets (N, 3): set out"),
    ],
)
def test_a_loss_for_classes_wants_scores_and_labels(
    loss: str, y_hat: Spec, y: Spec, sentence: str
) -> None:
    assert sentence in told(loss, y_hat, y)


@pytest.mark.parametrize("loss", OF_CLASSES)
def test_weights_of_classes_are_as_many_as_classes(loss: str) -> None:
    sentence = told(loss, numbers(N, 3), labels(N), weight=(1, 2))

    assert sentence == (
        "y_hat expects 2 classes, as many as weight has numbers; it gets (N, 3): "
        "give weight one number for each of the 3 classes"
    )
    assert told(loss, numbers(N, 2), labels(N), weight=(1, 2)) == ""


def test_weights_of_positives_are_as_many_as_the_last_axis_is_long() -> None:
    def weighted(*weight: float) -> str:
        return told("BCEWithLogitsLoss", numbers(N, 3), numbers(N, 3), pos_weight=weight)

    assert "expects a last axis of 2, as many as pos_weight has; it gets (N, 3)" in weighted(1, 2)
    assert weighted(1, 2, 3) == weighted(2) == ""


def test_cross_entropy_says_how_to_use_probabilities_and_labels() -> None:
    soft, hard = numbers(N, 3), labels(N)

    assert "set targets to probabilities" in told("CrossEntropyLoss", soft, soft)
    assert told("CrossEntropyLoss", soft, soft, targets="probabilities") == ""
    assert "set targets to classes" in told("CrossEntropyLoss", soft, hard, targets="probabilities")
    assert "y expects the shape of y_hat, (N, 3); it gets (N, 2)" in told(
        "CrossEntropyLoss", soft, numbers(N, 2), targets="probabilities"
    )


@pytest.mark.parametrize(
    ("var", "is_taken"),
    [((N, 3), True), ((N, 1), True), ((1, 3), True), ((), True), ((N,), False), ((N, 2), False)],
)
def test_a_variance_is_for_one_number_or_shared_on_purpose(var: Shape, is_taken: bool) -> None:
    sentence = told("GaussianNLLLoss", numbers(N, 3), numbers(N, 3), numbers(*var))

    wanted = "" if is_taken else "var expects the shape of y_hat, (N, 3), or 1 where a variance"
    assert sentence.startswith(wanted)
    assert bool(sentence) is not is_taken


@pytest.mark.parametrize(
    ("loss", "inputs", "sentence"),
    [
        ("HingeEmbeddingLoss", (numbers(N), labels(N, classes=3)), "1 for alike and −1 for not"),
        ("HingeEmbeddingLoss", (numbers(N), labels(N, 1)), "each row would be compared"),
        ("HingeEmbeddingLoss", (labels(N), labels(N)), "y_hat expects a prediction (float)"),
        ("HingeEmbeddingLoss", (numbers(N), labels(N, classes=2)), ""),
        (
            "CosineEmbeddingLoss",
            (numbers(N, 3), numbers(N, 4), labels(N)),
            "x2 expects the shape of x1, (N, 3); it gets (N, 4): let all paths end in the same",
        ),
        ("CosineEmbeddingLoss", (numbers(N), numbers(N), labels(N)), "x1 expects (N, D)"),
        (
            "CosineEmbeddingLoss",
            (numbers(N, 3), numbers(N, 3), labels(N, 3)),
            "y expects (N,); it gets (N, 3): give each pair of rows one number",
        ),
        (
            "CosineEmbeddingLoss",
            (numbers(N, 3), numbers(N, 3), labels(N, classes=10)),
            "it gets 10 classes: use CrossEntropyLoss for classes",
        ),
        ("CosineEmbeddingLoss", (numbers(N, 3), numbers(N, 3), numbers(N, 1)), ""),
        (
            "TripletMarginLoss",
            (numbers(N, 3), numbers(N, 3), numbers(N, 2)),
            "negative expects the shape of anchor, (N, 3); it gets (N, 2)",
        ),
        (
            "TripletMarginLoss",
            (numbers(N, 3), labels(N, 3), numbers(N, 3)),
            "positive expects numbers with a fraction (float)",
        ),
    ],
)
def test_embeddings_to_compare_are_of_one_shape(
    loss: str, inputs: tuple[Spec, ...], sentence: str
) -> None:
    found = told(loss, *inputs)

    assert sentence in found
    assert bool(found) is bool(sentence)


@pytest.mark.parametrize(
    ("inputs", "settings", "sentence"),
    [
        ((numbers(6, N, 4), labels(N, 3)), {}, ""),
        ((numbers(6, N, 4), labels(N, 3), labels(N), labels(N)), {}, ""),
        ((labels(6, N, 4), labels(N, 3)), {}, "y_hat expects a prediction (float)"),
        ((numbers(N, 4), labels(N, 3)), {}, "y_hat expects (T, N, C); it gets (N, 4): put time"),
        (
            (numbers(N, 6, 4), labels(N, 3)),
            {},
            "y_hat expects (T, N, C), with as many columns as y has rows; it gets (N, 6, 4): put",
        ),
        ((numbers(6, N, 4), labels(N)), {}, "y expects (N, S) class indices"),
        ((numbers(6, N, 4), numbers(N, 3)), {}, "y expects (N, S) class indices"),
        (
            (numbers(6, N, 4), labels(N, 7)),
            {},
            "targets longer than CTC's input: 7 labels for 6 steps: shorten the targets, or let",
        ),
        (
            (numbers(6, N, 4), labels(N, 3, classes=11)),
            {},
            "a score for each of the 11 classes; it gets (6, N, 4): let the net give 11 scores",
        ),
        (
            (numbers(6, N, 4), labels(N, 3)),
            {"blank": 4},
            "a score for the blank, class 4; it gets (6, N, 4): choose blank between 0 and 3",
        ),
        (
            (numbers(6, N, 4), labels(N, 3), numbers(N)),
            {},
            "input_lengths expects (N,) whole numbers; it gets (N,)",
        ),
        (
            (numbers(6, N, 4), labels(N, 3), None, labels(N, 1)),
            {},
            "target_lengths expects (N,) whole numbers; it gets (N, 1): give each row its length",
        ),
    ],
)
def test_ctc_wants_time_first_and_targets_that_fit(
    inputs: tuple[Spec | None, ...], settings: dict[str, Any], sentence: str
) -> None:
    found = told("CTCLoss", *inputs, **settings)

    assert sentence in found
    assert bool(found) is bool(sentence)


@pytest.mark.parametrize(
    ("loss", "settings", "sentence"),
    [
        ("MSELoss", {"reduction": "none"}, "reduction must be 'mean' or 'sum'"),
        ("SmoothL1Loss", {"beta": -1}, "beta must be greater than or equal to 0"),
        ("HuberLoss", {"delta": 0}, "delta must be greater than 0"),
        ("BCEWithLogitsLoss", {"pos_weight": -1}, "pos_weight must be a number of at least 0"),
        ("BCEWithLogitsLoss", {"pos_weight": []}, "pos_weight must be a number of at least 0"),
        ("CrossEntropyLoss", {"weight": []}, "weight must be numbers of at least 0, one per class"),
        ("CrossEntropyLoss", {"weight": [1, float("nan")]}, "weight must be numbers of at least 0"),
        ("CrossEntropyLoss", {"label_smoothing": 1.5}, "label_smoothing must be less than or"),
        (
            "CrossEntropyLoss",
            {"targets": "probabilities", "ignore_index": 0},
            "targets must be classes, or ignore_index -100: it is for class indices",
        ),
        ("KLDivLoss", {"reduction": "max"}, "reduction must be 'mean', 'batchmean' or 'sum'"),
        ("PoissonNLLLoss", {"eps": 0}, "eps must be greater than 0"),
        ("GaussianNLLLoss", {"eps": -1e-6}, "eps must be greater than 0"),
        ("HingeEmbeddingLoss", {"margin": -1}, "margin must be greater than or equal to 0"),
        ("HingeEmbeddingLoss", {"margin": float("nan")}, "margin must be"),
        ("CosineEmbeddingLoss", {"margin": 1.5}, "margin must be less than or equal to 1"),
        ("TripletMarginLoss", {"margin": 0}, "margin must be greater than 0"),
        ("TripletMarginLoss", {"p": 0.5}, "p must be greater than or equal to 1"),
        ("CTCLoss", {"blank": -1}, "blank must be greater than or equal to 0"),
    ],
)
def test_a_setting_out_of_range_is_told(loss: str, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(layers.SettingError) as error:
        layers.find(loss).parse(settings)

    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize("loss", OF_CLASSES)
@pytest.mark.parametrize("y", [[0, 3], [0, -1]])
@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 1, 1), (2, 3, 1, 1, 1)])
def test_a_label_that_is_no_class_ends_the_run(loss: str, y: list[int], shape: Shape) -> None:
    labels = torch.tensor(y).reshape(2, *shape[2:])

    with pytest.raises(IndexError, match="out of bounds"):
        layers.find(loss).forward(torch.zeros(shape), labels)


@pytest.mark.parametrize(
    ("y", "lengths", "told"),
    [
        ([[1, 4]], None, "label 4 is out of bounds: labels are from 0 to 3, without the blank 0"),
        ([[-1, 1]], None, "label -1 is out of bounds"),
        ([[1, 0]], [2], "label 0 is out of bounds"),
        ([[1, 0, 2]], None, "label 0 is out of bounds"),
    ],
)
def test_a_label_that_ctc_does_not_know_ends_the_run(
    y: list[list[int]], lengths: list[int] | None, told: str
) -> None:
    y_hat = torch.zeros(5, 1, 4).log_softmax(2)

    with pytest.raises(IndexError, match=told):
        layers.CTCLoss.forward(
            y_hat, torch.tensor(y), None, None if lengths is None else torch.tensor(lengths)
        )


@pytest.mark.parametrize(("input_lengths", "target_lengths"), [([6], [1]), ([5], [3]), ([5], [-1])])
def test_a_length_that_ctc_cannot_have_ends_the_run(
    input_lengths: list[int], target_lengths: list[int]
) -> None:
    y_hat, y = torch.zeros(5, 1, 4).log_softmax(2), torch.tensor([[1, 2]])

    with pytest.raises(RuntimeError, match="Expected"):
        layers.CTCLoss.forward(y_hat, y, torch.tensor(input_lengths), torch.tensor(target_lengths))


def test_what_is_behind_the_end_of_a_target_does_not_matter() -> None:
    y_hat, lengths = torch.randn(5, 1, 4).log_softmax(2), torch.tensor([1])

    found, _ = layers.CTCLoss.forward(y_hat, torch.tensor([[2, 99]]), None, lengths)
    expected, _ = layers.CTCLoss.forward(y_hat, torch.tensor([[2, 0]]))

    assert torch.equal(found, expected)


def test_a_negative_variance_ends_the_run() -> None:
    with pytest.raises(RuntimeError, match="negative entries: let its path end in Softplus"):
        layers.GaussianNLLLoss.forward(torch.zeros(2), torch.zeros(2), torch.tensor([1.0, -1.0]))


def test_the_page_tells_only_settings_that_were_chosen() -> None:
    graph = Graph()
    graph.add("Data", id="data", dataset="digits")
    graph.add("Flatten", id="flat1")
    graph.add("Linear", id="fc1", out_features=10)
    graph.add("CrossEntropyLoss", id="loss", label_smoothing=0.1)
    for wire in ("data.x flat1.x", "flat1.out fc1.x", "fc1.out loss.y_hat", "data.y loss.y"):
        graph.connect(*wire.split())

    assert layers.CrossEntropyLoss().keywords == {"reduction": "mean"}
    assert graph.nodes["loss"].layer.keywords == {"reduction": "mean", "label_smoothing": 0.1}
    assert graph.problems() == []
