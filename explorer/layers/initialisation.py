"""How a parameter starts: a word such as "zeros" or "uniform(0, 0.01)", parsed once."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import torch
from pydantic import AfterValidator, Field
from torch import Tensor
from torch.nn import init as rules

from explorer.layers.base import SettingError, literal, shape_text

_MOST_NUMBERS = 2**46
"""Beyond it there is no machine; below it is told, once it starts, whether this one will do."""


@dataclass(frozen=True)
class Rule:
    """A function of torch.nn.init with its numbers: it fills a tensor, and says so in Python.

    `is_by_fan`: it reads the tensor's sizes, and wants them as torch.nn has them.
    """

    name: str
    numbers: tuple[float, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    draws: bool = True
    is_by_fan: bool = False

    def __call__(self, tensor: Tensor, generator: torch.Generator) -> Tensor:
        drawn: dict[str, Any] = {"generator": generator} if self.draws else {}
        return getattr(rules, self.name)(tensor, *self.numbers, **dict(self.keywords), **drawn)

    def text(self, tensor: str, generator: str | None = None) -> str:
        """Python that fills a tensor of that name, with a generator's numbers if one is named."""
        keywords = [f'{name}="{word}"' for name, word in self.keywords]
        if self.draws and generator:
            keywords.append(f"generator={generator}")
        return f"nn.init.{self.name}({', '.join([tensor, *map(repr, self.numbers), *keywords])})"


def _uniform(low: float, high: float) -> Rule:
    return Rule("uniform_", (low, high))


def normal(std: float) -> Rule:
    return Rule("normal_", (0.0, std))


def _truncated_normal(std: float) -> Rule:
    return Rule("trunc_normal_", (0.0, std, -2 * std, 2 * std))


def constant(value: float) -> Rule:
    """torch.nn's default for norms: 1 for gamma, 0 for beta."""
    return Rule("constant_", (value,), draws=False)


def _by_fan(name: str, **keywords: str) -> Callable[[], Rule]:
    return lambda: Rule(name, keywords=tuple(keywords.items()), is_by_fan=True)


xavier_uniform = _by_fan("xavier_uniform_")


_FOR_VECTORS: dict[str, tuple[int, Callable[..., Rule]]] = {
    "zeros": (0, lambda: constant(0.0)),
    "ones": (0, lambda: constant(1.0)),
    "constant": (1, constant),
    "uniform": (2, _uniform),
    "normal": (1, normal),
    "truncated_normal": (1, _truncated_normal),
}
_BY_FAN: dict[str, tuple[int, Callable[..., Rule]]] = {
    "xavier_uniform": (0, xavier_uniform),
    "xavier_normal": (0, _by_fan("xavier_normal_")),
    "kaiming_uniform": (0, _by_fan("kaiming_uniform_", nonlinearity="relu")),
    "kaiming_normal": (0, _by_fan("kaiming_normal_", nonlinearity="relu")),
    "orthogonal": (0, _by_fan("orthogonal_")),
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


def _check(text: str, recipes: dict[str, tuple[int, Callable[..., Rule]]]) -> str:
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


def _suggestions(recipes: dict[str, tuple[int, Callable[..., Rule]]]) -> dict[str, Any]:
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


@dataclass(frozen=True)
class Start:
    """Makes a fresh float32 tensor of `shape` by a rule, and says so in Python.

    Numbers are drawn on the CPU, so that one seed gives one net on every device.

    Attributes:
        is_default: whether the rule is torch.nn's own for such a weight.
        lies_transposed: whether it is the other way round in torch.nn, (out, in, …), which is
            what the rules by fan in and fan out read.
        zero_at: the row that is 0, if one is.
    """

    shape: tuple[int, ...]
    rule: Rule
    is_default: bool = False
    lies_transposed: bool = False
    zero_at: int | None = None

    def __call__(self, generator: torch.Generator) -> Tensor:
        fresh = torch.empty(self.shape)
        self.rule(fresh.t() if self._turns else fresh, generator)
        if self.zero_at is not None:
            fresh[self.zero_at] = 0
        return fresh

    @property
    def _turns(self) -> bool:
        return self.lies_transposed and self.rule.is_by_fan

    def text(self, generator: str) -> str:
        """Python for the tensor."""
        sizes = ", ".join(map(str, self.shape))
        if self.rule.name == "constant_" and self.zero_at is None:
            return _filled(sizes, self.rule.numbers[0])
        turn = ".t()" if self._turns else ""
        found = self.rule.text(f"torch.empty({sizes}){turn}", generator) + turn
        row = f".index_fill_(0, torch.tensor({self.zero_at}), 0)"
        return found if self.zero_at is None else found + row


def _filled(sizes: str, value: float) -> str:
    if value in (0, 1):
        return f"torch.{'ones' if value else 'zeros'}({sizes})"
    return f"torch.full(({sizes},), {value!r})"


@dataclass(frozen=True)
class Given:
    """A float32 tensor that is given as numbers."""

    value: Any
    is_default: ClassVar[bool] = False

    def __call__(self, generator: torch.Generator) -> Tensor:
        return torch.tensor(self.value, dtype=torch.float32)

    def text(self, generator: str) -> str:
        dtype = "" if isinstance(self.value, float) else ", dtype=torch.float32"
        return f"torch.tensor({self.value!r}{dtype})"


def initial(
    init: str,
    shape: tuple[int, ...],
    default: Rule,
    lies_transposed: bool = False,
    zero_at: int | None = None,
) -> Start:
    """What makes a tensor of `shape`, started as `init` says.

    A tensor that no machine could hold raises SettingError.
    """
    if math.prod(shape) > _MOST_NUMBERS:
        raise SettingError(
            f"a weight {shape_text(shape)} would hold {math.prod(shape):,} numbers, which is more "
            f"than {_MOST_NUMBERS:,}",
            hint="make the sizes in its settings smaller, or let fewer channels arrive",
        )
    name, numbers = _split(init)
    is_default = name == "default"
    rule = default if is_default else _FOR_MATRICES[name][1](*numbers)
    return Start(shape, rule, is_default, lies_transposed, zero_at)


def fan_in_uniform(fan_in: int) -> Rule:
    """torch.nn's default for Linear and Conv: U(-1/√fan_in, 1/√fan_in)."""
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    return _uniform(-bound, bound)
