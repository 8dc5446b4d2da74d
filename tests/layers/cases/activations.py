"""Activations: on both sides of their bends, and far out where they are flat."""

from torch import Tensor
from torch.nn import functional

from tests.layers.cases.inputs import ROWS, numbers


def wide(*shape: int) -> Tensor:
    """Numbers on both sides of −3, 0, 3 and 6."""
    return 4 * numbers(*shape) + 1


ANY = [({}, {"x": wide(ROWS, 6)}), ({}, {"x": wide(ROWS, 2, 3)}), ({}, {"x": numbers()})]
FAR = ({}, {"x": 100 * numbers(ROWS, 3)})
ALONG = [({"dim": dim}, {"x": numbers(ROWS, 3, 4)}) for dim in (0, 1, 2, -1, -2)]


def with_settings(**settings: float | str) -> tuple[dict, dict[str, Tensor]]:
    return settings, {"x": wide(ROWS, 4)}


PLAIN = ("Sigmoid", "Tanh", "Hardsigmoid", "ReLU", "ReLU6")
CURVED = ("Softsign", "LogSigmoid", "SELU", "SiLU", "Mish", "Hardswish")

CASES = (
    dict.fromkeys(PLAIN, ANY)
    | dict.fromkeys(CURVED, [*ANY, FAR])
    | {
        "Hardtanh": [*ANY, with_settings(min_val=-4.0, max_val=2.5)],
        "LeakyReLU": [*ANY, with_settings(negative_slope=0.0), with_settings(negative_slope=2.0)],
        "PReLU": [
            *ANY,
            ({"num_parameters": 1}, {"x": wide(ROWS)}),
            ({"num_parameters": 4}, {"x": wide(ROWS, 4)}),
            ({"num_parameters": 2}, {"x": wide(ROWS, 2, 3)}),
            ({"num_parameters": 3}, {"x": wide(ROWS, 3, 2, 2)}),
        ],
        "ELU": [*ANY, FAR, with_settings(alpha=0.0), with_settings(alpha=2.5)],
        "CELU": [*ANY, FAR, with_settings(alpha=0.5), with_settings(alpha=2.5)],
        "Softplus": [*ANY, FAR, with_settings(beta=0.5), with_settings(beta=3.0, threshold=5.0)],
        "GELU": [*ANY, FAR, with_settings(approximate="tanh")],
        "Softmax": [({}, {"x": numbers(ROWS)}), *ALONG],
        "LogSoftmax": [({}, {"x": numbers(ROWS)}), FAR, *ALONG],
        "GLU": [
            ({}, {"x": numbers(ROWS, 6)}),
            ({"dim": 0}, {"x": numbers(4, 3)}),
            ({"dim": 1}, {"x": numbers(ROWS, 4, 3)}),
            ({"dim": -3}, {"x": numbers(ROWS, 2, 3, 1)}),
        ],
    }
)
REFERENCES = {"PReLU": lambda x, w: functional.prelu(x, w)}
