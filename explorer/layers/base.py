"""What a layer declares.

A layer is one class: its settings are the class's fields, its maths the static pair
`forward`/`backward`. The palette, the settings form, shapes, source, verification and the
tests all read what is declared here; adding a layer is adding one subclass.
"""

import ast
import inspect
import reprlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from math import inf
from typing import Any, ClassVar, NamedTuple

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from torch import Tensor

from explorer.layers.walking import Walk
from explorer.layers.written import Written

Dim = int | str
Shape = tuple[Dim, ...]


def shape_text(shape: Shape) -> str:
    """A shape as the literature writes it: ("N", 64) -> "(N, 64)", ("N",) -> "(N,)"."""
    inner = ", ".join(str(dim) for dim in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


@dataclass(frozen=True)
class Spec:
    """What flows along a wire, without its numbers.

    `classes` is known for class indices that come straight from a data set.
    """

    shape: Shape
    dtype: torch.dtype
    classes: int | None = None


@dataclass(frozen=True)
class ParameterSpec:
    """A parameter's shape, and what draws its first numbers: see `initialisation.initial`."""

    shape: tuple[int, ...]
    init: Callable[[torch.Generator], Tensor]


class Tally(NamedTuple):
    """What a layer takes for each row: multiply-accumulates of its forward, numbers kept by it."""

    multiplications: int
    kept: int


class SettingError(ValueError):
    """A setting that a layer cannot take. `setting` names it; `hint` says how to mend it."""

    def __init__(
        self, message: str, setting: str | None = None, hint: str = "choose a value in range"
    ):
        super().__init__(message)
        self.setting = setting
        self.hint = hint


class Mismatch(ValueError):  # noqa: N818 - it is what was found, and reads so at `except Mismatch`
    """An input that a layer cannot take: what the port expects and how to mend it.

    `expects` completes the sentence "fc2 expects …".
    """

    def __init__(self, port: str, expects: str, hint: str, gets: str | None = None):
        super().__init__(f"expects {expects}")
        self.port = port
        self.expects = expects
        self.hint = hint
        self.gets = gets


_LARGEST_INT = 2**40
_LARGEST_FLOAT = 1e30
"""float32 ends at 3e38; what is computed with a setting must stay below that, too."""
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60

MODES: dict[str, Any] = {"training": True, "seed": 0}
"""What `forward` may be told of a run, and what it is told where nobody says otherwise."""

_CATALOGUE: "dict[str, type[Layer]]" = {}


class Layer(Written):
    """The base of all layers: an instance holds one node's validated settings.

    `forward` takes the inputs, the weights and the buffers in that order, None for one that is
    not there, and settings as keywords; it returns the outputs and the cache. Where it differs
    in training it takes `training`, where it draws random numbers `seed`: the same seed draws
    the same numbers.

    A layer that can be looked into has `walk_forward` and `walk_backward` besides: they take what
    `forward` and `backward` take and are Walks, which return the same up to rounding.

    Class attributes:
        family: where the palette shows it.
        inputs, outputs: port names; with settings that add ports see `takes` and `gives`.
        optional: the inputs that may stay unconnected.
        weights: every parameter it may have.
        buffers: what `forward` keeps up to date, in place, while it trains.
        differentiable: what `backward` returns gradients for, in its order.
        cache: names for the entries of the cache, in its order.
        equations: plain-Unicode formulas, "out" first, then one per gradient.
        zeros: by input or weight, why what the output owes to it can be 0: a clause, in the words
            of this layer, such as "the ReLU is closed, since x is not above 0".
        infinities: why its output may be NaN or infinite where its inputs are not, and what helps.
        synonyms: other words under which people look for it.
        reads_back: whether `forward` waits for numbers from the device, such as lengths.
        is_loss: whether it compares a prediction with a target.
        stem: how ids of new nodes begin: "fc" gives fc1, fc2 …

    How the layer is written without this program, `Written` lets it say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: ClassVar[str] = ""
    inputs: ClassVar[tuple[str, ...]] = ("x",)
    outputs: ClassVar[tuple[str, ...]] = ("out",)
    optional: ClassVar[tuple[str, ...]] = ()
    weights: ClassVar[tuple[str, ...]] = ()
    buffers: ClassVar[tuple[str, ...]] = ()
    differentiable: ClassVar[tuple[str, ...]] = ("x",)
    cache: ClassVar[tuple[str, ...]] = ()
    equations: ClassVar[dict[str, str]] = {}
    zeros: ClassVar[dict[str, str]] = {}
    infinities: ClassVar[str] = ""
    synonyms: ClassVar[tuple[str, ...]] = ()
    reads_back: ClassVar[bool] = False
    is_loss: ClassVar[bool] = False
    stem: ClassVar[str] = ""

    forward: ClassVar[Callable[..., Any]]
    backward: ClassVar[Callable[..., Any]]
    walk_forward: ClassVar[Callable[..., Walk] | None] = None
    walk_backward: ClassVar[Callable[..., Walk] | None] = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if cls.family:
            _CATALOGUE[cls.name()] = cls
            # A class defined anew, as in a notebook, takes the place of the one looked up before.
            vars(sys.modules[__package__]).pop(cls.name(), None)

    @field_validator("*")
    @classmethod
    def _within_reach(cls, value: Any) -> Any:
        """Refuse numbers that no tensor could be made with, whatever the setting."""
        for number in _numbers(value):
            if isinstance(number, int) and abs(number) > _LARGEST_INT:
                raise ValueError(f"must lie between −{_LARGEST_INT:,} and {_LARGEST_INT:,}")
            if isinstance(number, float) and _LARGEST_FLOAT < abs(number) < inf:
                raise ValueError(f"must lie between −{_LARGEST_FLOAT:g} and {_LARGEST_FLOAT:g}")
        return value

    @classmethod
    def name(cls) -> str:
        """The layer's name, as files and `Graph.add` spell it."""
        return cls.__name__

    @classmethod
    def summary(cls) -> str:
        """The first line of the docstring: one sentence for tooltips and listings."""
        return inspect.getdoc(cls).split("\n")[0]  # type: ignore[union-attr]

    @classmethod
    def parse(cls, settings: Mapping[str, Any]) -> "Layer":
        """An instance from plain values; a bad one raises SettingError with a sentence."""
        try:
            return cls.model_validate(dict(settings))
        except ValidationError as error:
            raise explain(cls.name(), cls, error) from None

    @property
    def settings(self) -> dict[str, Any]:
        """The settings that differ from the defaults, as JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @cached_property
    def keywords(self) -> dict[str, Any]:
        """The settings that `forward` takes as keyword arguments."""
        accepted = inspect.signature(type(self).forward).parameters
        fields = type(self).model_fields
        return {
            name: getattr(self, name)
            for name in accepted
            if name in fields and name not in type(self).weights + type(self).buffers
        }

    @property
    def takes(self) -> tuple[str, ...]:
        """The input ports with these settings."""
        return type(self).inputs

    @property
    def gives(self) -> tuple[str, ...]:
        """The output ports with these settings."""
        return type(self).outputs

    @property
    def learns(self) -> tuple[str, ...]:
        """What `backward` returns gradients for with these settings, in its order."""
        return type(self).differentiable

    @cached_property
    def modes(self) -> tuple[str, ...]:
        """What `forward` is told of the run with these settings: "training", "seed", or nothing."""
        accepted = inspect.signature(type(self).forward).parameters
        return tuple(name for name in MODES if name in accepted)

    def feeds(self) -> dict[str, Spec]:
        """Outputs that are fed from outside rather than computed, with the batch axis "N"."""
        return {}

    def parameters(self, *inputs: Any, **by_port: Any) -> dict[str, ParameterSpec]:
        """The parameters that these settings and input shapes call for; a subset of `weights`."""
        return {}

    def state(self, *inputs: Any, **by_port: Any) -> dict[str, ParameterSpec]:
        """The buffers that these settings and input shapes call for; a subset of `buffers`."""
        return {}

    def check(self, *inputs: Any, **by_port: Any) -> None:
        """Raise Mismatch, in the user's words, for inputs that `forward` cannot take."""

    def wants_gradient(self) -> bool:
        """Whether somebody reads a gradient of this node's own leaf (a weight, an input)."""
        return False

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        """A formula for one element of what it gives, and the numbers that its words stand for.

        `tensors` holds inputs, outputs, gradients and the cache by name. None where `equations`
        says all there is to say of one element.
        """
        return None

    def tally(self, *inputs: Any, **by_port: Any) -> Tally | None:
        """What it takes, where a run without numbers does less than one with them; else None.

        Whatever runs as it does with numbers is counted by being run: it need say nothing.
        """
        return None


class Learning(Layer):
    """What all layers with weights share: they may be another node's, and may be held."""

    frozen: bool = Field(
        False,
        description="Leave its weights as they are while training",
        json_schema_extra={"last": True},
    )
    weights_from: str = Field(
        "",
        title="weights from",
        description="The id of a node of the same kind whose weights it uses; empty: its own",
        pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$",
        json_schema_extra={"last": True},
    )

    def wants_gradient(self) -> bool:
        return not self.frozen


class Elementwise(Layer):
    """What functions of each number by itself share: one float input of any shape."""

    cache: ClassVar[tuple[str, ...]] = ("x",)

    def check(self, x: Spec) -> None:
        require_float("x", x)


def _numbers(value: Any) -> Iterator[int | float]:
    """The numbers in a setting: itself, or those in its tuple or lists."""
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, (int, float)):
        yield value


def explain(owner: str, cls: type[BaseModel], error: ValidationError) -> SettingError:
    """The first of pydantic's complaints as a sentence in the user's words."""
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        known = list(cls.model_fields)
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(known) or 'none'}"
        return SettingError(f"{owner} has no setting {name}", name, hint)
    text = first["msg"]
    for prefix in ("Input should be ", "Value error, "):
        text = text.removeprefix(prefix)
    verb = "must be " if first["msg"].startswith("Input should be ") else ""
    text = text.replace("a valid integer", "a whole number").replace("valid ", "")
    return SettingError(f"{name} {verb}{text}; it is {_SHORT.repr(first.get('input'))}", name)


def extra(info: FieldInfo) -> dict[str, Any]:
    """What a field says of itself beyond its type: its `json_schema_extra`."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def settings_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A model's fields in the order that people read them: those marked "last" come last."""
    fields = model.model_fields.items()
    return dict(sorted(fields, key=lambda field: bool(extra(field[1]).get("last"))))


def catalogue() -> dict[str, type[Layer]]:
    """Every layer by name, family by family: each subclass of Layer that names a family."""
    return dict(sorted(_CATALOGUE.items(), key=lambda item: (item[1].family, item[0])))


def find(name: str) -> type[Layer] | None:
    """The layer of that name, if there is one."""
    return _CATALOGUE.get(name)


def require_float(port: str, spec: Spec) -> None:
    """Raise Mismatch for what no gradient can flow through: labels, indices, masks."""
    if not spec.dtype.is_floating_point:
        raise Mismatch(port, "numbers with a fraction (float)", "wire features to it, not labels")


def narrow(gradients: Any) -> Any:
    """Gradients in bfloat16, as the rest of a net computes in mixed precision; None stays None."""
    if isinstance(gradients, tuple):
        return tuple(map(narrow, gradients))
    return None if gradients is None else gradients.bfloat16()


def packed(tensor: Tensor) -> Tensor:
    """Contiguous, with the strides of a fresh tensor, where axes of length 1 leave them open.

    Some of ATen's kernels guess the layout from the strides of such axes, and guess differently.
    """
    if tensor.stride() == torch.empty(tensor.shape, device="meta").stride():
        return tensor
    return torch.empty(tensor.shape, dtype=tensor.dtype, device=tensor.device).copy_(tensor)


def sum_to(gradient: Tensor, shape: torch.Size) -> Tensor:
    """Undo broadcasting: sum `gradient` over the axes along which `shape` was repeated."""
    return gradient if gradient.shape == shape else gradient.sum_to_size(shape)


def literal(text: str) -> Any:
    """A plain Python literal out of text that a person typed; ValueError otherwise."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise ValueError(f"{text!r} is not a number, a tuple or a list") from None
