"""What layers cost, looked into without numbers, is what torch counts when they run on some."""

from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode, flop_registry

from explorer.graph.costs import cost
from explorer.graph.meta import concrete
from explorer.layers import Layer, Spec, catalogue, find
from tests.layers.cases.inputs import ROWS
from tests.layers.conftest import Case, cases_of

aten = torch.ops.aten
UNKNOWN_TO_TORCH = {
    aten.mv: lambda matrix, vector, **_: 2 * matrix[0] * matrix[1],
    aten.dot: lambda a, b, **_: 2 * a[0],
    aten._scaled_dot_product_flash_attention_for_cpu: lambda q, k, v, *_, **named: flop_registry[
        aten._scaled_dot_product_flash_attention
    ].__wrapped__(q, k, v, **named),
}


def counted(case: Case) -> int:
    """Multiply-accumulates of a forward pass on real numbers, as torch counts them."""
    with (
        torch.no_grad(),
        FlopCounterMode(display=False, custom_mapping=UNKNOWN_TO_TORCH) as counter,
    ):
        case.forward()
    return counter.get_total_flops() // 2


def specs_of(case: Case) -> tuple[Spec | None, ...]:
    """What arrives at its inputs, with N for the batch."""

    def spec(port: str) -> Spec | None:
        value = case.arguments.get(port)
        if value is None:
            return None
        axis = case.batch_axes.get(port)
        shape = tuple("N" if at == axis else size for at, size in enumerate(value.shape))
        return Spec(shape, torch.float32 if value.is_floating_point() else value.dtype)

    return tuple(map(spec, case.layer.takes))


def rows_of(case: Case) -> int:
    axes = case.batch_axes.items()
    return next((case.arguments[port].shape[axis] for port, axis in axes), ROWS)


def test_its_multiplications_are_those_that_torch_counts(case: Any) -> None:
    found = cost(case.layer, specs_of(case)).multiplications

    assert found.at(rows_of(case)) == counted(case)


def test_layers_that_multiply_matrices_are_not_counted_as_free() -> None:
    free = {
        kind
        for kind, layer in catalogue().items()
        if not any(counted(case) for case in cases_of(layer))
    }

    assert {"Linear", "Bilinear", "MatMul", "Conv2d", "ConvTranspose3d", "GRU", "LSTM"}.isdisjoint(
        free
    )
    assert {"ReLU", "BatchNorm2d", "MaxPool2d", "Add", "Embedding", "CrossEntropyLoss"} <= free


def kept(layer: Layer, shape: tuple, rows: int = 5) -> tuple[int, int]:
    """Numbers and other bytes that a layer keeps by itself, given its first input."""
    found = cost(layer, (Spec(shape, torch.float32), *[None] * (len(layer.takes) - 1)))
    return found.floats.at(rows), found.other_bytes.at(rows)


def made(kind: str, **settings: Any) -> Layer:
    cls = find(kind)
    assert cls is not None
    return cls.parse(settings)


def test_a_linear_layer_keeps_its_input_and_nothing_of_its_own() -> None:
    found = cost(made("Linear", out_features=3), (Spec(("N", 4), torch.float32),))

    assert found.kept_inputs == ("x",)
    assert found.kept_outputs == ()
    assert kept(made("Linear"), ("N", 4)) == (0, 0)


def test_a_sigmoid_keeps_its_output() -> None:
    assert cost(made("Sigmoid"), (Spec(("N", 4), torch.float32),)).kept_outputs == ("out",)


def test_pooling_keeps_the_places_of_the_largest_numbers() -> None:
    floats, other = kept(made("MaxPool2d"), ("N", 2, 4, 4))

    assert floats == 0
    assert other == 5 * 2 * 2 * 2 * 8


def test_a_flattened_image_is_the_image_seen_otherwise() -> None:
    found = cost(made("Flatten"), (Spec(("N", 2, 4), torch.float32),))

    assert found.views == {"out": "x"}


def test_a_recurrent_layer_keeps_gates_and_state_of_every_step() -> None:
    lstm = made("LSTM", hidden_size=3, num_layers=2, bidirectional=True)

    assert kept(lstm, ("N", 7, 4), rows=1)[0] == 7 * 4 * (4 + 2) * 3


def test_a_shape_can_be_told_for_any_number_of_rows() -> None:
    assert concrete(("N", "2N+1", 4), 3) == (3, 7, 4)
