"""A layer's formulas for one call: as declared, with this call's shapes, with its numbers."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.layers import Layer, shape_text
from explorer.program.explanation.arithmetic import value_of
from explorer.program.explanation.computation import Computation, Tensors

GREEK = {"y_hat": "ŷ", "gamma": "γ", "beta": "β", "alpha": "α", "delta": "δ", "eps": "ε"}
"""How formulas write what a program has to spell out."""

_ABOVE = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_MATRICES = re.compile(r"[\w\u0302ᵀ·+−=\s]+")
"""Formulas in which a shape can stand right behind each name: products and sums."""

_NOT_OF_ONE = re.compile(r"[\[Σ‖]|mean|max(?!\()|softmax|onehot|exp\(out|, over|summed")
"""What is found in formulas that are about more than one number at a time."""

_OF_ONE = ("ln", "sin", "cos", "exp")
"""Functions that formulas write without parentheses."""

_NAME_OF_A_PART = re.compile(r",\s+\w+$")


@dataclass(frozen=True)
class Equation:
    """A formula: `name` is what it gives, "dw"; `shaped` is it with the shapes of this call."""

    name: str
    formula: str
    shaped: str


def equations_of(computation: Computation) -> tuple[Equation, ...]:
    """The formulas for what a call wrote, and those that these build on, as declared."""
    c = computation
    written = set(c.written)
    shapes = {name: tuple(t.shape) for name, t in _tensors(c).items()}
    own = {f"d{name}" for name in (*c.layer.inputs, *c.layer.weights, *c.layer.differentiable)}
    is_backward = bool(c.gradients)
    found: dict[str, Equation] = {}
    for name, formula in c.layer.equations.items():
        is_step = name not in own and name not in c.layer.outputs
        if name in written or (is_step and _is_of_backward(name, c.layer) == is_backward):
            found.setdefault(formula, Equation(name, formula, with_shapes(formula, shapes)))
    if not found and not is_backward:
        # A layer whose ports have names of their own says what it does under "out".
        formula = next(iter(c.layer.equations.values()), "")
        found[formula] = Equation("out", formula, with_shapes(formula, shapes))
    return tuple(found.values())


def _is_of_backward(name: str, layer: type[Layer]) -> bool:
    return name.startswith("d") and name not in layer.inputs


def with_shapes(formula: str, shapes: dict[str, tuple[int, ...]]) -> str:
    """dw = xᵀ · dout -> dw (64, 10) = xᵀ (64, 32) · dout (32, 10).

    Where brackets or words would come between a name and its shape, the shapes follow at the end.
    """
    by_spelling = {spelled: shape for name, shape in shapes.items() for spelled in spellings(name)}
    found = {m.group(): m for m in reversed([*_names(by_spelling).finditer(formula)])}
    if not found:
        return ""
    in_order = sorted(found.values(), key=re.Match.start)
    if not _MATRICES.fullmatch(formula):
        return ", ".join(f"{m.group()} {shape_text(by_spelling[m.group()])}" for m in in_order)
    for match in reversed(in_order):
        end, shape = match.end(), by_spelling[match.group()]
        if formula[end : end + 1] == "ᵀ":
            end, shape = end + 1, (*shape[:-2], *shape[:-3:-1])
        formula = f"{formula[:end]} {shape_text(shape)}{formula[end:]}"
    return formula


def with_numbers(computation: Computation, name: str, index: tuple[int, ...]) -> str:
    """The formula for one element with its numbers put in; "" where there is none that holds.

    dx = dout · out · (1 − out) -> 0.2 · 0.9 · (1 − 0.9)
    """
    c = computation
    found = c.layer.single(name, index, _named(c)) or _of_equation(c, name, index)
    if found is None:
        return ""
    formula, values = found
    names = _names(values)
    exact = value_of(names.sub(lambda match: f"({values[match.group()]!r})", formula))
    if exact is None or not _is_near(exact, c.written[name], index):
        return ""
    told = names.sub(lambda match: _put(number(values[match.group()]), match), formula)
    return "" if told == number(float(c.written[name][index])) else told


def _of_equation(
    c: Computation, name: str, index: tuple[int, ...]
) -> tuple[str, dict[str, float]] | None:
    """The declared formula, where it is about each number alone, and what its words stand for."""
    formula = c.layer.equations.get(name, "")
    _, equals, right = formula.partition(";")[0].partition(" = ")
    right, explains, _ = right.replace("eˣ", "exp(x)").partition(" = ")
    if explains:
        # What stands before the second equals sign may be the name of a part: x · t,  t = …
        right = _NAME_OF_A_PART.sub("", right)
    if not equals or _NOT_OF_ONE.search(right):
        return None
    values: dict[str, float | None] = {}
    for key, setting in c.settings.items():
        if isinstance(setting, int | float) and not isinstance(setting, bool):
            values |= dict.fromkeys(spellings(key), float(setting))
    for key, tensor in _tensors(c).items():
        values |= dict.fromkeys(spellings(key), _value(tensor, c.written[name].shape, index))
    if c.layer.is_loss:
        values["n"] = float(c.operands["y_hat"].numel()) if "y_hat" in c.operands else None
    known = {each.group() for each in _names(values).finditer(right)}
    found = {each: value for each in known if (value := values[each]) is not None}
    return (right, found) if known and found.keys() == known else None


def _named(c: Computation) -> dict[str, Any]:
    """All that a formula may speak of: what the cache holds, by its names there, and the rest."""
    cached = dict(zip(c.layer.cache, c.cache, strict=False))
    return {**c.settings, **cached, **_tensors(c)}


def _is_near(exact: float, tensor: Tensor, index: tuple[int, ...]) -> bool:
    value = float(tensor[index])
    rounding = 1e4 * torch.finfo(tensor.dtype).eps
    size = float(tensor.abs().max())
    return math.isclose(exact, value, rel_tol=rounding, abs_tol=rounding * size)


def _put(written: str, match: re.Match[str]) -> str:
    """A number in the place of a name: in parentheses where a sign would run into what is there."""
    before, after = match.string[: match.start()].rstrip(), match.string[match.end() :]
    is_raised = after[:1] in {*"²³ᵖ"}
    is_bound = is_raised or before[-1:] in {*"·−+/√"} or before.endswith(_OF_ONE)
    needs = (is_bound and written.startswith("−")) or (is_raised and "·" in written)
    return f"({written})" if needs else written


def spellings(name: str) -> tuple[str, ...]:
    """How formulas may write a name: y_hat as ŷ, dgamma as dγ, w_ih_l0 as w_ih."""
    plain = re.sub(r"_l\d+(_reverse)?$", "", name)
    head, rest = ("d", plain[1:]) if plain[:1] == "d" and plain[1:] in GREEK else ("", plain)
    return tuple(dict.fromkeys((name, plain, head + GREEK.get(rest, rest))))


def number(value: float) -> str:
    """A number within a sentence or a formula: at most four digits, a true minus, 2·10⁻⁵."""
    digits, _, power = f"{value + 0.0:.4g}".partition("e")
    return raised(digits, int(power)) if power else digits.replace("-", "−")


def raised(digits: str, power: int) -> str:
    """Digits times a power of ten, as written: ("-1.5", -5) -> −1.5·10⁻⁵."""
    return f"{digits}·10{str(power).translate(_ABOVE)}".replace("-", "−")


def _tensors(c: Computation) -> Tensors:
    return {**c.operands, **c.outputs, **c.upstream, **c.gradients}


def _names(known: Iterable[str]) -> re.Pattern[str]:
    """Finds these names where they stand as words, and not with a hat."""
    longest = sorted(map(re.escape, known), key=len, reverse=True)
    return re.compile(rf"(?<![\w′])(?:{'|'.join(longest)})(?![A-Za-z0-9_\u0302₀-₉ₙₜ])")


def _value(tensor: Tensor, shape: tuple[int, ...], index: tuple[int, ...]) -> float | None:
    """The number of a tensor that a formula of one number means; None where there is none."""
    if tensor.dim() == 0:
        return float(tensor)
    return float(tensor[index]) if tuple(tensor.shape) == tuple(shape) else None
