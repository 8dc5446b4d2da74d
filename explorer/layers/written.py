"""How a layer is written without this program: with torch's operations, torch.nn, and by hand."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel

Lines = Mapping[str, str]
"""Python by the name of what it computes, each line ahead of those that use it."""


class Unwritable(ValueError):  # noqa: N818 - it is what was found, and reads so where it is caught
    """There are no such lines for a layer with these settings.

    The message completes "fc1 …"; `hint` says how to mend it.
    """

    def __init__(self, why: str, hint: str):
        super().__init__(why)
        self.hint = hint


class Code(str):
    """Among torch.nn's settings, a value that is Python already: `torch.tensor([1.0, 2.0])`."""

    __slots__ = ()


class Written(BaseModel):
    """What a layer declares of the code that people write for it.

    Lines are Python over the names of ports, weights, buffers and settings, over `training`, and
    over torch, F, nn and math. As a page is written
        a setting becomes its value, and a keyword that is the default of the setting of its name
            is left out: F.elu(x, alpha=alpha) turns into F.elu(x);
        conditions on settings and on what is there are decided: x @ w if b is None else x @ w + b;
        rank(x) becomes the number of axes of x, length(x, 1) the length of its axis 1, and
            *sizes(out) the lengths of all axes of out but the first;
        reduced(e) becomes the mean of e or its sum, as the setting `reduction` says, and
            share(e) e over the number of entries of y_hat, or e itself; share(e, y) those of y;
        sum_to(e, a) becomes e, summed over the axes along which a was repeated.
    What is neither an output nor a gradient is an intermediate result of lines below it. An
    `if` statement stands under all the names that it sets.

    Class attributes:
        in_torch: the outputs, by torch's operations: {"out": "torch.relu(x)"}.
        by_hand: the outputs, where one writes them otherwise than `in_torch`, and behind them each
            gradient in closed form: {"dx": "dout * (x > 0)"}.
        merged: by the layer that gives y_hat, the gradient of that layer's own input, where the
            two make one short formula: see `merged_with`.
        in_nn: the outputs, by `module`, which is torch.nn's class of the layer's name; without
            it, `module` is called with all that is wired.
        nn_weights: what torch.nn calls the weights and buffers; "weight.T" is one that lies
            transposed there.
    """

    in_torch: ClassVar[Lines] = {}
    by_hand: ClassVar[Lines] = {}
    merged: ClassVar[Mapping[str, str]] = {}
    in_nn: ClassVar[Lines] = {}
    nn_weights: ClassVar[Mapping[str, str]] = {}

    def torch_lines(self, *inputs: Any) -> Lines:
        """`in_torch` with these settings; {} where there is none. It may raise Unwritable."""
        return type(self).in_torch

    def hand_lines(self, *inputs: Any) -> Lines:
        """`by_hand` with these settings; {} where there is none. It may raise Unwritable."""
        return type(self).by_hand

    def merged_with(self, before: "Written", *inputs: Any) -> str:
        """The line of `merged` for the layer that gives y_hat; "" where there is none."""
        return type(self).merged.get(type(before).__name__, "")

    def nn_lines(self, *inputs: Any) -> Lines:
        """`in_nn` with these settings; {} for a call with all that is wired."""
        return type(self).in_nn

    def nn_settings(self, *inputs: Any) -> dict[str, Any]:
        """What torch.nn's class is told besides the settings of the same name: sizes of inputs."""
        return {}
