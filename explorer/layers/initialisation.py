"""How a parameter starts: a word such as "zeros" or "uniform(0, 0.01)", parsed once."""

import math
import re
from collections.abc import Callable
from typing import Annotated, Any

import torch
from pydantic import AfterValidator, Field
from torch import Tensor
from torch.nn import init as rules

from explorer.layers.base import SettingError, literal, shape_text

Fill = Callable[[Tensor, torch.Generator], Tensor]

_MOST_NUMBERS = 2**46
"""Beyond it there is no machine; below it is told, once it starts, whether this one will do."""


def _uniform(low: float, high: float) -> Fill:
    return lambda t, g: t.uniform_(low, high, generator=g)


def _normal(std: float) -> Fill:
    return lambda t, g: t.normal_(0.0, std, generator=g)


def _truncated_normal(std: float) -> Fill:
    return lambda t, g: rules.trunc_normal_(t, 0.0, std, -2 * std, 2 * std, generator=g)


def constant(value: float) -> Fill:
    """torch.nn's default for norms: 1 for gamma, 0 for beta."""
    return lambda t, g: t.fill_(value)


def _rule(rule: Callable[..., Tensor], **settings: Any) -> Callable[[], Fill]:
    return lambda: lambda t, g: rule(t, generator=g, **settings)


_FOR_VECTORS: dict[str, tuple[int, Callable[..., Fill]]] = {
    "zeros": (0, lambda: constant(0.0)),
    "ones": (0, lambda: constant(1.0)),
    "constant": (1, constant),
    "uniform": (2, _uniform),
    "normal": (1, _normal),
    "truncated_normal": (1, _truncated_normal),
}
_BY_FAN: dict[str, tuple[int, Callable[..., Fill]]] = {
    "xavier_uniform": (0, _rule(rules.xavier_uniform_)),
    "xavier_normal": (0, _rule(rules.xavier_normal_)),
    "kaiming_uniform": (0, _rule(rules.kaiming_uniform_, nonlinearity="relu")),
    "kaiming_normal": (0, _rule(rules.kaiming_normal_, nonlinearity="relu")),
    "orthogonal": (0, _rule(rules.orthogonal_)),
}
_FOR_MATRICES = _FOR_VECTORS | _BY_FAN
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
    if name in ("normal", "truncated_normal") and numbers[0] < 0:
        raise ValueError(f"must give {name} a standard deviation of at least 0")
    return text


_EXAMPLES = {"constant": "constant(0.1)", "uniform": "uniform(-0.1, 0.1)"} | {
    name: f"{name}(0.02)" for name in ("normal", "truncated_normal")
}


def _suggestions(recipes: dict[str, tuple[int, Callable[..., Fill]]]) -> dict[str, Any]:
    words = ["default", *(_EXAMPLES.get(name, name) for name in recipes)]
    return {"suggestions": words, "last": True}


MatrixInit = Annotated[
    str,
    AfterValidator(lambda text: _check(text, _FOR_MATRICES)),
    Field(json_schema_extra=_suggestions(_FOR_MATRICES)),
]
"""How a parameter with two axes or more starts."""
VectorInit = Annotated[
    str,
    AfterValidator(lambda text: _check(text, _FOR_VECTORS)),
    Field(json_schema_extra=_suggestions(_FOR_VECTORS)),
]
"""How a parameter with one axis starts."""


def starts(weight: str) -> Any:
    """The setting that says how a parameter starts: `w_init: MatrixInit = starts("w")`."""
    return Field(
        "default",
        title=f"{weight} starts as",
        description=f"How {weight} starts: default (as in torch.nn), zeros, normal(0.1) …",
    )


def as_it_is(tensor: Tensor) -> Tensor:
    return tensor


def initial(
    init: str,
    shape: tuple[int, ...],
    default: Fill,
    as_torch: Callable[[Tensor], Tensor] = as_it_is,
) -> Callable[[torch.Generator], Tensor]:
    """A function that makes a fresh float32 tensor of `shape`, started as `init` says.

    `as_torch` views it as torch.nn lays it out, (out, in, …), which is what the rules by fan in
    and fan out read. Numbers are drawn on the CPU in float32, so that one seed gives one net on
    every device. A tensor that no machine could hold raises SettingError.
    """
    if math.prod(shape) > _MOST_NUMBERS:
        raise SettingError(
            f"a weight {shape_text(shape)} would hold {math.prod(shape):,} numbers, which is more "
            f"than {_MOST_NUMBERS:,}",
            hint="make the sizes in its settings smaller, or let fewer channels arrive",
        )
    name, numbers = _split(init)
    fill = default if name == "default" else _FOR_MATRICES[name][1](*numbers)

    def make(generator: torch.Generator) -> Tensor:
        fresh = torch.empty(shape)
        fill(as_torch(fresh) if name in _BY_FAN else fresh, generator)
        return fresh

    return make


def fan_in_uniform(fan_in: int) -> Fill:
    """torch.nn's default for Linear and Conv: U(-1/√fan_in, 1/√fan_in)."""
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    return _uniform(-bound, bound)
