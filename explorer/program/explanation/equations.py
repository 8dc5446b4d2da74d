"""A layer's formulas for one call: as declared, with this call's shapes, with its numbers."""

import re
from dataclasses import dataclass

from torch import Tensor

from explorer.layers import Layer, shape_text
from explorer.program.explanation.computation import Computation, Tensors
from explorer.program.explanation.places import ravel

GREEK = {"y_hat": "ŷ", "gamma": "γ", "beta": "β", "alpha": "α"}
"""How formulas write what a program has to spell out."""

_MATRICES = re.compile(r"[\w\u0302ᵀ·+−=\s]+")
"""Formulas in which a shape can stand right behind each name: products and sums."""

_NOT_OF_ONE = re.compile(r"[\[Σ‖]|mean|max(?!\()|softmax|onehot|exp\(out|, over|summed")
"""What is found in formulas that are about more than one number at a time."""


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
    """A formula of each number by itself with its numbers put in; "" for formulas of many.

    dx = dout · out · (1 − out) -> 0.2 · 0.9 · (1 − 0.9)
    """
    c = computation
    formula = c.layer.equations.get(name, "")
    _, equals, right = formula.partition(";")[0].partition(" = ")
    if not equals or _NOT_OF_ONE.search(right):
        return ""
    values: dict[str, str] = {}
    shape = c.written[name].shape
    for key, tensor in _tensors(c).items():
        value = _value(tensor, shape, index)
        values |= dict.fromkeys(spellings(key), value)
    names = [match.group() for match in _names(values).finditer(right)]
    if not names or not all(values[each] for each in names):
        return ""
    return _names(values).sub(lambda match: _put(values[match.group()], match), right)


def _put(written: str, match: re.Match[str]) -> str:
    """A number in the place of a name: in parentheses where a sign would run into what is there."""
    before, after = match.string[: match.start()].rstrip(), match.string[match.end() :]
    is_bound = before[-1:] in {*"·−+/"} or after[:1] in {*"²³ᵖ"}
    return f"({written})" if written.startswith("−") and is_bound else written


def spellings(name: str) -> tuple[str, ...]:
    """How formulas may write a name: y_hat as ŷ, dgamma as dγ, w_ih_l0 as w_ih."""
    plain = re.sub(r"_l\d+(_reverse)?$", "", name)
    head, rest = ("d", plain[1:]) if plain[:1] == "d" and plain[1:] in GREEK else ("", plain)
    return tuple(dict.fromkeys((name, plain, head + GREEK.get(rest, rest))))


def number(value: float) -> str:
    """A number within a sentence or a formula: at most four digits, a true minus."""
    return f"{value:.4g}".replace("-", "−")


def _tensors(c: Computation) -> Tensors:
    return {**c.operands, **c.outputs, **c.upstream, **c.gradients}


def _names(
    known: dict[str, object] | dict[str, str] | dict[str, tuple[int, ...]],
) -> re.Pattern[str]:
    """Finds these names where they stand as words, and not with a hat."""
    longest = sorted(map(re.escape, known), key=len, reverse=True)
    return re.compile(rf"(?<![\w′])(?:{'|'.join(longest)})(?![A-Za-z0-9_\u0302₀-₉ₙₜ])")


def _value(tensor: Tensor, shape: tuple[int, ...], index: tuple[int, ...]) -> str:
    """The number of a tensor that a formula of one number means; "" where there is none."""
    if tensor.dim() == 0:
        value = float(tensor)
    elif tuple(tensor.shape) == tuple(shape):
        value = float(tensor.flatten()[ravel(index, tuple(shape))])
    else:
        return ""
    return number(value)
