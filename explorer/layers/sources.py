"""Where values come into a graph: a data set, the caller's hand, a leaf of its own."""

from typing import Any, ClassVar, Literal

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor

from explorer import data
from explorer.layers.base import Layer, Learning, ParameterSpec, Spec
from explorer.layers.initialisation import Given
from explorer.layers.written import Lines


class Data(Layer):
    """A data set: each step feeds a batch of its rows x and their targets y.

    Shapes: x (N, *), y (N,) class indices or (N, 1) numbers, as the data set has them; a text
    has class indices x (N, length), y (N, length), and digit strips have y (N, 5).
    """

    family: ClassVar[str] = "Source"
    inputs: ClassVar[tuple[str, ...]] = ()
    outputs: ClassVar[tuple[str, ...]] = ("x", "y")
    differentiable: ClassVar[tuple[str, ...]] = ()
    synonyms: ClassVar[tuple[str, ...]] = (
        "dataset",
        "csv",
        "table",
        "samples",
        "characters",
        *data.DATASETS,
    )
    equations: ClassVar[dict[str, str]] = {"out": "x, y = the batch"}

    dataset: str = Field(
        "moons",
        description="Which data set",
        json_schema_extra={"choices": list(data.DATASETS)},
    )
    path: str = Field(
        "",
        description="The CSV file, or the text in UTF-8; with no text chosen, the one that ships",
        json_schema_extra={"when": ["csv", "text"], "file": "CSV or text (*.csv *.txt)"},
    )
    target: str = Field(
        "",
        description="The column to predict; empty means the last",
        json_schema_extra={"when": ["csv"]},
    )
    length: int = Field(
        64,
        ge=2,
        le=4096,
        description="How many characters of the text make one row",
        json_schema_extra={"when": ["text"]},
    )
    samples: int = Field(
        1000,
        ge=2,
        le=10_000_000,
        description="How many rows to generate",
        json_schema_extra={"when": [n for n, d in data.DATASETS.items() if d.generated]},
    )
    noise: float = Field(
        0.1,
        ge=0,
        le=10,
        allow_inf_nan=False,
        description="Standard deviation of the noise added to generated points",
        json_schema_extra={"when": [n for n, d in data.DATASETS.items() if d.noisy]},
    )
    seed: int = Field(
        0,
        ge=0,
        lt=2**32,
        description="Which random rows to generate",
        json_schema_extra={"when": [n for n, d in data.DATASETS.items() if d.generated]},
    )
    labels: Literal["auto", "class", "binary", "real"] = Field(
        "auto", description="Give y as class indices, as 0 or 1, or as real numbers"
    )
    standardize: bool = Field(
        False,
        description="Scale each feature to mean 0 and deviation 1 over the training rows; "
        "class indices stay as they are",
    )

    @field_validator("dataset")
    @classmethod
    def _known(cls, name: str, info: ValidationInfo) -> str:
        if name not in data.DATASETS:
            raise ValueError(f"must be one of {', '.join(data.DATASETS)}")
        return name

    @staticmethod
    def forward(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, tuple]:
        return x, y, ()

    @property
    def source(self) -> dict[str, Any]:
        """The settings that say which rows these are, as `data.load` takes them."""
        return self.model_dump(exclude={"standardize"})

    def feeds(self) -> dict[str, Spec]:
        found = data.signature(**self.source)
        return {
            "x": Spec(("N", *found.x_shape), found.x_dtype, found.x_classes),
            "y": Spec(("N", *found.y_shape), found.y_dtype, found.classes),
        }


_LARGEST = 10**9


class Input(Layer):
    """A value the caller feeds, one row per sample; its gradient is computed too.

    Shapes: out (N, *shape).
    """

    family: ClassVar[str] = "Source"
    inputs: ClassVar[tuple[str, ...]] = ()
    cache: ClassVar[tuple[str, ...]] = ()
    synonyms: ClassVar[tuple[str, ...]] = ("placeholder", "feed", "variable")
    equations: ClassVar[dict[str, str]] = {"out": "out = what the caller feeds"}
    differentiable: ClassVar[tuple[str, ...]] = ()

    shape: tuple[int, ...] = Field((16,), description="Shape of one row, without the batch axis")

    @field_validator("shape")
    @classmethod
    def _positive(cls, shape: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1 <= size <= _LARGEST for size in shape):
            raise ValueError(f"must have sizes from 1 to {_LARGEST:,}")
        return shape

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return x, ()

    def feeds(self) -> dict[str, Spec]:
        return {"out": Spec(("N", *self.shape), torch.get_default_dtype())}

    def wants_gradient(self) -> bool:
        return True


class Parameter(Learning):
    """A leaf tensor of its own that wants a gradient, and that training changes.

    Shapes: out has the shape of value: () for a number, (3,) for a list of three.
    """

    family: ClassVar[str] = "Source"
    inputs: ClassVar[tuple[str, ...]] = ()
    weights: ClassVar[tuple[str, ...]] = ("value",)
    differentiable: ClassVar[tuple[str, ...]] = ("value",)
    synonyms: ClassVar[tuple[str, ...]] = ("leaf", "constant", "weight", "scalar", "number")
    equations: ClassVar[dict[str, str]] = {"out": "out = value", "dvalue": "dvalue = dout"}
    in_torch: ClassVar[Lines] = {"out": "value"}
    by_hand: ClassVar[Lines] = {"dvalue": "dout"}

    value: float | list[Any] = Field(
        1.0, description="Where it starts: a number, or a list of numbers (of lists …)"
    )

    @field_validator("value")
    @classmethod
    def _rectangular(cls, value: float | list[Any]) -> float | list[Any]:
        try:
            tensor = torch.tensor(value, dtype=torch.float32)
        except (TypeError, ValueError, RuntimeError, OverflowError):
            raise ValueError("must be a number, or lists of numbers of equal length") from None
        if tensor.numel() == 0 or not tensor.isfinite().all():
            raise ValueError("must be finite numbers, at least one")
        return value

    @staticmethod
    def forward(value: Tensor) -> tuple[Tensor, tuple]:
        return value, ()

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        return dout

    def parameters(self) -> dict[str, ParameterSpec]:
        shape = tuple(torch.tensor(self.value, device="meta").shape)
        return {"value": ParameterSpec(shape, Given(self.value))}
