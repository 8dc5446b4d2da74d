"""The functions that a watch may use, and no others. None gives more numbers than it takes."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import prod

import torch
from torch import Tensor

from explorer.program.viewing.subject import wide
from explorer.program.watching.arithmetic import MOST, Argument, Value, guarded
from explorer.program.watching.errors import WatchError, meant

Dim = int | tuple[int, ...] | None
Function = Callable[..., Value]


def _norm(x: Tensor, p: float = 2, dim: Dim = None, keepdim: bool = False) -> Tensor:
    return torch.linalg.vector_norm(wide(x), p, dim, keepdim)


def _sum(x: Tensor, dim: Dim = None, keepdim: bool = False) -> Tensor:
    return x.sum(dim, keepdim)


def _mean(x: Tensor, dim: Dim = None, keepdim: bool = False) -> Tensor:
    return wide(x).mean(dim, keepdim)


def _std(x: Tensor, dim: Dim = None, correction: int = 1, keepdim: bool = False) -> Tensor:
    _check_spread(x, dim, correction)
    return torch.std(wide(x), dim, correction=correction, keepdim=keepdim)


def _var(x: Tensor, dim: Dim = None, correction: int = 1, keepdim: bool = False) -> Tensor:
    _check_spread(x, dim, correction)
    return torch.var(wide(x), dim, correction=correction, keepdim=keepdim)


def _check_spread(x: Tensor, dim: Dim, correction: int) -> None:
    axes = range(x.dim()) if dim is None else (dim,) if isinstance(dim, int) else dim
    if prod(x.shape[axis] for axis in axes) <= correction:
        raise WatchError("the spread of so few numbers is not defined: write correction=0")


def _min(x: Tensor, dim: Dim = None, keepdim: bool = False) -> Tensor:
    return x.min() if dim is None else x.amin(dim, keepdim)


def _max(x: Tensor, dim: Dim = None, keepdim: bool = False) -> Tensor:
    return x.max() if dim is None else x.amax(dim, keepdim)


def _argmin(x: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return x.argmin(dim, keepdim)


def _argmax(x: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return x.argmax(dim, keepdim)


def _any(x: Tensor, dim: Dim = None, keepdim: bool = False) -> Tensor:
    return torch.any(x, dim, keepdim)


def _all(x: Tensor, dim: Dim = None, keepdim: bool = False) -> Tensor:
    return torch.all(x, dim, keepdim)


def _median(x: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return x.median() if dim is None else x.median(dim, keepdim).values


def _quantile(x: Tensor, q: float, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return torch.quantile(wide(x), q, dim, keepdim)


def _count_nonzero(x: Tensor, dim: Dim = None) -> Tensor:
    return torch.count_nonzero(x, dim)


def _softmax(x: Tensor, dim: int = -1) -> Tensor:
    return wide(x).softmax(dim)


def _cumsum(x: Tensor, dim: int = -1) -> Tensor:
    return x.cumsum(dim)


def _sort(x: Tensor, dim: int = -1, descending: bool = False) -> Tensor:
    return x.sort(dim, descending).values


def _round(x: Tensor, decimals: int = 0) -> Tensor:
    return x.round(decimals=decimals)


def _clamp(x: Tensor, min: float | None = None, max: float | None = None) -> Tensor:
    return x.clamp(min, max)


def _reshape(x: Tensor, *shape: int | tuple[int, ...]) -> Tensor:
    sizes = [n for each in shape for n in (each if isinstance(each, tuple) else (each,))]
    return x.reshape(sizes)


def _transpose(x: Tensor, dim0: int = -2, dim1: int = -1) -> Tensor:
    return x.transpose(dim0, dim1)


def _flatten(x: Tensor) -> Tensor:
    return x.flatten()


def _diag(x: Tensor) -> Tensor:
    if x.dim() != 2:
        raise WatchError("diag takes a matrix")
    return x.diagonal()


def _float(x: Tensor) -> Tensor:
    return wide(x)


def _numel(x: Tensor) -> int:
    return x.numel()


def _size(x: Tensor, dim: int | None = None) -> int | tuple[int, ...]:
    return tuple(x.shape) if dim is None else x.shape[dim]


def _len(x: Tensor) -> int:
    return len(x)


def _item(x: Tensor) -> float:
    return x.item()


def _each(compute: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    return compute(x)


_ELEMENTWISE: tuple[Callable[[Tensor], Tensor], ...] = (
    *(torch.exp, torch.log, torch.log2, torch.log10, torch.log1p, torch.sqrt, torch.square),
    *(torch.abs, torch.sign, torch.sin, torch.cos, torch.tanh, torch.sigmoid, torch.relu),
    *(torch.floor, torch.ceil, torch.reciprocal, torch.isnan, torch.isinf, torch.isfinite),
)
_OTHERS = (
    *(_norm, _sum, _mean, _std, _var, _min, _max, _argmin, _argmax, _any, _all, _median),
    *(_quantile, _count_nonzero, _softmax, _cumsum, _sort, _round, _clamp, _reshape, _transpose),
    *(_flatten, _diag, _float, _numel, _size, _len, _item),
)
FUNCTIONS: dict[str, Function] = {
    **{function.__name__.removeprefix("_"): function for function in _OTHERS},
    **{function.__name__: partial(_each, function) for function in _ELEMENTWISE},
}
"""By name. Each is written norm(x) and x.norm() alike."""

PROPERTIES: dict[str, Callable[[Tensor], Value]] = {
    "shape": lambda x: tuple(x.shape),
    "ndim": lambda x: x.dim(),
    "T": lambda x: x.transpose(-2, -1) if x.dim() > 1 else x,
}
"""What is written without parentheses."""


def call(
    name: str, x: Argument, arguments: Sequence[Argument], named: Mapping[str, Argument]
) -> Value:
    """One of FUNCTIONS, of a tensor or a number. WatchError where it cannot be computed."""
    function = FUNCTIONS.get(name)
    if name in PROPERTIES:
        raise WatchError(f"{name} is written without parentheses: x.{name}")
    if function is None:
        raise WatchError(f"there is no function {name} here{meant(name, FUNCTIONS)}")
    if x is None or isinstance(x, tuple):
        raise WatchError(f"{name} takes a tensor: write {name}(w)")
    if any(isinstance(given, Tensor) for given in (*arguments, *named.values())):
        raise WatchError(f"{name} takes one tensor; what else it is given must be numbers")
    tensor = x if isinstance(x, Tensor) else torch.tensor(x, dtype=torch.float64)
    try:
        inspect.signature(function).bind(tensor, *arguments, **named)
    except TypeError:
        raise WatchError(f"{name} is written {_form(name, function)}") from None
    found = guarded(name, lambda: function(tensor, *arguments, **named))
    assert not isinstance(found, Tensor) or found.numel() <= max(MOST, tensor.numel())
    return found


def read(name: str, x: Value) -> Value:
    """One of PROPERTIES of a tensor. WatchError where there is no such thing."""
    if isinstance(x, Tensor) and name in PROPERTIES:
        return PROPERTIES[name](x)
    if name in FUNCTIONS:
        raise WatchError(f"{name} is a function: write {name}() behind the dot")
    what = "a tensor" if isinstance(x, Tensor) else "a number or a shape"
    raise WatchError(f"{what} has no {name} here{meant(name, [*PROPERTIES, *FUNCTIONS])}")


def _form(name: str, function: Function) -> str:
    """How a function is called: x.norm(p=2, dim=None, keepdim=False)."""
    rest = list(inspect.signature(function).parameters.values())[1:]
    names = ", ".join(str(each.replace(annotation=inspect.Parameter.empty)) for each in rest)
    return f"x.{name}({names})"
