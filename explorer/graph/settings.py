"""How the user wants a net trained: a part of the document, saved with it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Precision = Literal["float32", "mixed", "float64"]


class TrainingSettings(BaseModel):
    """Everything that decides a training run apart from the net, the data and the device."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    epochs: int = Field(20, ge=1, le=1_000_000, description="Passes over the training rows")
    batch_size: int = Field(32, ge=1, le=10_000_000, description="Rows in each step")
    optimizer: Literal["SGD", "Adam"] = Field("SGD", description="How gradients change weights")
    learning_rate: float = Field(
        0.1, gt=0, le=1000, allow_inf_nan=False, description="How far each step goes"
    )
    momentum: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="How much of the last step SGD keeps",
        json_schema_extra={"when": ["SGD"]},
    )
    validation: float = Field(
        0.2, ge=0, le=0.9, description="Share of the rows held back to validate on"
    )
    shuffle: bool = Field(True, description="Draw the rows in a new order each epoch")
    seed: int = Field(0, ge=0, lt=2**32, description="Starts all random numbers of a run")
    precision: Precision = Field(
        "float32",
        description="Compute in float32; mixed computes in bfloat16 and keeps float32 weights",
        json_schema_extra={"last": True},
    )
    channels_last: bool = Field(
        False,
        description="Lay images out with their channels side by side: faster convolutions on GPUs",
        json_schema_extra={"last": True},
    )
    capture: bool = Field(
        False,
        description="On CUDA, record a step once as a CUDA graph and replay it",
        json_schema_extra={"last": True},
    )
    loss: str = Field(
        "", description="The output to minimise, such as loss.loss, when several could be meant"
    )
