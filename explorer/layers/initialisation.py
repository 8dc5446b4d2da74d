"""How a parameter starts: a word such as "zeros" or "uniform(0, 0.01)", parsed once."""

import math
import re
from collections.abc import Callable
from typing import Annotated

import torch
from pydantic import AfterValidator
from torch import Tensor

from explorer.layers.base import literal

Fill = Callable[[Tensor, torch.Generator], Tensor]


def _uniform(low: float, high: float) -> Fill:
    return lambda t, g: t.uniform_(low, high, generator=g)


def _normal(std: float) -> Fill:
    return lambda t, g: t.normal_(0.0, std, generator=g)


def _constant(value: float) -> Fill:
    return lambda t, g: t.fill_(value)


def _xavier() -> Fill:
    return lambda t, g: torch.nn.init.xavier_uniform_(t.t(), generator=g).t()


def _kaiming() -> Fill:
    return lambda t, g: torch.nn.init.kaiming_uniform_(t.t(), nonlinearity="relu", generator=g).t()


# Weights are (fan_in, fan_out) here, torch.nn's transposed, hence the t() above.
_FOR_VECTORS: dict[str, tuple[int, Callable[..., Fill]]] = {
    "zeros": (0, lambda: _constant(0.0)),
    "ones": (0, lambda: _constant(1.0)),
    "constant": (1, _constant),
    "uniform": (2, _uniform),
    "normal": (1, _normal),
}
_FOR_MATRICES = _FOR_VECTORS | {"xavier_uniform": (0, _xavier), "kaiming_uniform": (0, _kaiming)}
_FORM = re.compile(r"\s*(\w+)\s*(\(.*\))?\s*")


def _split(text: str) -> tuple[str, tuple[float, ...]]:
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError("must read like zeros or uniform(0, 0.01)")
    try:
        given = literal(match[2][:-1] + ",)") if match[2] and match[2] != "()" else ()
    except ValueError:
        raise ValueError(f"must give {match[1]} plain numbers") from None
    if not all(isinstance(value, (int, float)) and math.isfinite(value) for value in given):
        raise ValueError(f"must give {match[1]} plain numbers")
    return match[1], tuple(float(value) for value in given)


def _check(text: str, recipes: dict[str, tuple[int, Callable[..., Fill]]]) -> str:
    name, numbers = _split(text)
    if name != "default" and name not in recipes:
        raise ValueError(f"must be one of default, {', '.join(recipes)}")
    count = 0 if name == "default" else recipes[name][0]
    if len(numbers) != count:
        raise ValueError(f"must give {name} {count} number{'s' * (count != 1)}")
    if name == "uniform" and numbers[0] > numbers[1]:
        raise ValueError("must give uniform its low end first")
    if name == "normal" and numbers[0] < 0:
        raise ValueError("must give normal a standard deviation of at least 0")
    return text


MatrixInit = Annotated[str, AfterValidator(lambda text: _check(text, _FOR_MATRICES))]
VectorInit = Annotated[str, AfterValidator(lambda text: _check(text, _FOR_VECTORS))]


def initial(
    init: str, shape: tuple[int, ...], default: Fill
) -> Callable[[torch.Generator], Tensor]:
    """A function that makes a fresh float32 tensor of `shape`, started as `init` says.

    Numbers are drawn on the CPU in float32, so that one seed gives one net on every device.
    """
    name, numbers = _split(init)
    fill = default if name == "default" else _FOR_MATRICES[name][1](*numbers)
    return lambda generator: fill(torch.empty(shape), generator).contiguous()


def fan_in_uniform(fan_in: int) -> Fill:
    """torch.nn's default for Linear and Conv: U(-1/√fan_in, 1/√fan_in)."""
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    return _uniform(-bound, bound)
