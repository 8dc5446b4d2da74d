"""What all recurrent layers share: settings, weights, what they take, and how they are walked.

`stacking` goes over layers and directions; over time goes `unrolling`, as fast as it can, or
`stepping`, one step at a time.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from math import prod
from typing import Any, ClassVar

from pydantic import Field
from torch import Tensor

from explorer.layers.base import (
    Learning,
    Mismatch,
    ParameterSpec,
    Spec,
    Tally,
    require_float,
    shape_text,
)
from explorer.layers.initialisation import MatrixInit, VectorInit, fan_in_uniform, initial, starts
from explorer.layers.sequence import stacking, stepping, unrolling
from explorer.layers.sequence.stacking import Walk, at_once, weight_names
from explorer.layers.sequence.unrolling import Gradients, Lane, Ran, State
from explorer.layers.walking import to_the_end
from explorer.layers.written import Lines

MOST_LAYERS = 4
WEIGHTS = weight_names(MOST_LAYERS, bidirectional=True)


def weight_equations(of_x: str, of_h: str) -> dict[str, str]:
    """Formulas for every weight's gradient, given what the gradients of both shares are called."""
    formulas = {
        "w_ih": f"dw_ih = Σₜ {of_x}[t]ᵀ · x[t]",
        "w_hh": f"dw_hh = Σₜ {of_h}[t]ᵀ · h[t−1]",
        "b_ih": f"db_ih = Σₜₙ {of_x}[t, n]",
        "b_hh": f"db_hh = Σₜₙ {of_h}[t, n]",
    }
    return {f"d{name}": formulas[name.partition("_l")[0]] for name in WEIGHTS}


class Recurrent(Learning):
    """A layer that reads a sequence step by step and hands its state from one step to the next.

    Class attributes:
        gates: names for the blocks of H rows that make up a weight.
        keeps: names for what a step keeps for its way back.
        one_sum: whether all that x and h do to the gates is to be added up.
        step_forward: (xw, (h, c), w_hh, b_hh) -> (h, c), kept. One step from x's share on: `xw`
            is x · w_ihᵀ + b_ih, and has b_hh in it as well where there is one sum. c is None
            for a kind that has none.
        step_backward: (dh, dc, before, after, kept, dhw, apart) -> direct, dc. One step back. It
            writes the gradient of h · w_hhᵀ + b_hh into `dhw`. That of xw is the same, where
            there is one sum; else it is but for its last gate, which goes into `apart`.
            `direct` is what h gets besides through w_hh, None for nothing.
    """

    inputs: ClassVar[tuple[str, ...]] = ("x", "h0")
    outputs: ClassVar[tuple[str, ...]] = ("out", "h_n", "last")
    optional: ClassVar[tuple[str, ...]] = ("h0",)
    weights: ClassVar[tuple[str, ...]] = WEIGHTS
    differentiable: ClassVar[tuple[str, ...]] = ("x", "h0", *WEIGHTS)
    cache: ClassVar[tuple[str, ...]] = (
        "x",
        "initial state",
        "weights, h and gates of each layer and direction",
        "batch_first",
    )
    nn_weights: ClassVar[Mapping[str, str]] = {
        name: name.replace("w_", "weight_").replace("b_", "bias_") for name in WEIGHTS
    }
    gates: ClassVar[tuple[str, ...]]
    keeps: ClassVar[tuple[str, ...]]
    one_sum: ClassVar[bool] = True
    step_forward: ClassVar[Callable[..., Any]]
    step_backward: ClassVar[Callable[..., Any]]

    hidden_size: int = Field(64, ge=1, le=16384, description="How many numbers the state has, H")
    num_layers: int = Field(
        1, ge=1, le=MOST_LAYERS, description="How many layers; each reads the h of the one below"
    )
    bias: bool = Field(True, description="Add learned biases b_ih and b_hh to the gates")
    batch_first: bool = Field(
        True, description="x is (N, T, D), as data comes; off: (T, N, D), torch.nn's default"
    )
    bidirectional: bool = Field(
        False, description="Read the sequence from its end as well, with weights of their own"
    )
    w_init: MatrixInit = starts("each w")
    b_init: VectorInit = starts("each b")

    @property
    def learns(self) -> tuple[str, ...]:
        """Its inputs and the weights that these settings call for."""
        own = weight_names(self.num_layers, self.bidirectional, self.bias)
        return (*type(self).inputs, *own)

    @classmethod
    def sweep_forward(cls, lane: Lane) -> Ran:
        """All steps of one layer in one direction."""
        return unrolling.sweep_forward(cls, lane)

    @classmethod
    def sweep_backward(
        cls, ran: Ran, dout: Tensor | None, dafter: State, wanted: Collection[str]
    ) -> Gradients:
        """All steps of one layer in one direction, back."""
        return unrolling.sweep_backward(cls, ran, dout, dafter, wanted)

    @classmethod
    def run_forward(cls, *arguments: Any, **keywords: Any) -> tuple[Any, ...]:
        """The outputs and the cache, by the fast way: see `stacking.walk_forward`."""
        return to_the_end(stacking.walk_forward(at_once(cls.sweep_forward), *arguments, **keywords))

    @classmethod
    def run_backward(cls, *arguments: Any) -> tuple[Tensor | None, ...]:
        """The gradients, by the fast way: see `stacking.walk_backward`."""
        return to_the_end(stacking.walk_backward(at_once(cls.sweep_backward), *arguments))

    @classmethod
    def walk_forward(cls, x: Tensor, *others: Tensor | None, **settings: Any) -> Walk:
        """A generator that is `forward`, stopping after each step of each layer and direction.

        It takes what `forward` takes. Each Moment holds what the cell of its step read, kept and
        computed, by name; the generator's own value is what `forward` returns.
        """
        states = len(cls.inputs) - 1
        given = (*others, *[None] * states)[:states]
        step = partial(stepping.sweep_forward, cls)
        return stacking.walk_forward(step, x, given, others[states:], **settings)

    @classmethod
    def walk_backward(cls, *douts_and_cache: Any, needs: Collection[str] = ()) -> Walk:
        """A generator that is `backward`, stopping after each step of each layer and direction.

        It takes what `backward` takes. Each Moment holds the gradients of its step, by name: "dh"
        and "dc" that arrive, those of the sums inside the gates ("di"; "dn_h" is of h's share of
        n alone), and what the step adds to the gradient of each weight; the generator's own value
        is what `backward` returns.
        """
        *douts, cache = douts_and_cache
        step = partial(stepping.sweep_backward, cls)
        return stacking.walk_backward(step, douts, cache, needs or cls.differentiable)

    def parameters(self, x: Spec, *initial_state: Spec | None) -> dict[str, ParameterSpec]:
        rows = len(type(self).gates) * self.hidden_size
        default = fan_in_uniform(self.hidden_size)
        found: dict[str, ParameterSpec] = {}
        for name in weight_names(self.num_layers, self.bidirectional, self.bias):
            part, _, place = name.partition("_l")
            read = int(x.shape[-1]) if place.startswith("0") else self._out_features
            columns = {"w_ih": (read,), "w_hh": (self.hidden_size,)}
            shape = (rows, *columns.get(part, ()))
            init = self.w_init if part in columns else self.b_init
            found[name] = ParameterSpec(shape, initial(init, shape, default))
        return found

    def tally(self, x: Spec, *initial_state: Spec | None) -> Tally:
        """All steps: without numbers it runs one of them."""
        steps = int(x.shape[1 if self.batch_first else 0])
        matrices = [p.shape for p in self.parameters(x).values() if len(p.shape) == 2]
        lanes = self.num_layers * (1 + self.bidirectional)
        states = len(type(self).inputs) - 1
        kept = lanes * (len(type(self).keeps) + states) * self.hidden_size
        return Tally(steps * sum(map(prod, matrices)), steps * kept)

    @property
    def _out_features(self) -> int:
        return self.hidden_size * (1 + self.bidirectional)

    def check(self, x: Spec, *initial_state: Spec | None) -> None:
        _require_sequence(x, self.batch_first)
        batch = x.shape[0 if self.batch_first else 1]
        wanted = (self.num_layers * (1 + self.bidirectional), batch, self.hidden_size)
        for port, spec in zip(type(self).inputs[1:], initial_state, strict=False):
            if spec is None:
                continue
            require_float(port, spec)
            if spec.shape != wanted:
                raise Mismatch(
                    port,
                    f"{shape_text(wanted)}, a state for each layer and direction",
                    f"wire the {port[0]}_n of a layer with the same settings to it, or nothing",
                )

    def torch_lines(self, x: Spec, *initial_state: Spec | None) -> Lines:
        """torch's kernel of that kind, told of everything by position."""
        own = weight_names(self.num_layers, self.bidirectional, self.bias)
        settings = "bias, num_layers, 0.0, False, bidirectional, batch_first"
        finals = ", ".join(type(self).outputs[1:-1])
        return {
            **self._start,
            "weights": f"({', '.join(own)})",
            f"out, {finals}": f"{self._kernel}(x, start, weights, {settings})",
            "last": self._last,
        }

    def nn_lines(self, x: Spec, *initial_state: Spec | None) -> Lines:
        finals = type(self).outputs[1:-1]
        ends = f"({', '.join(finals)})" if len(finals) > 1 else finals[0]
        alone = " and ".join(f"{port} is None" for port in type(self).inputs[1:])
        return {
            **self._start,
            f"out, {ends}": f"module(x) if {alone} else module(x, start)",
            "last": self._last,
        }

    def nn_settings(self, x: Spec, *initial_state: Spec | None) -> dict[str, Any]:
        return {"input_size": x.shape[-1]}

    @property
    def _start(self) -> dict[str, str]:
        """The state that it starts from: 0 where none is wired."""
        count, batch = self.num_layers * (1 + self.bidirectional), int(not self.batch_first)
        parts = [f"zeros if {port} is None else {port}" for port in type(self).inputs[1:]]
        whole = parts[0] if len(parts) == 1 else f"({', '.join(f'({part})' for part in parts)})"
        return {"zeros": f"x.new_zeros({count}, length(x, {batch}), hidden_size)", "start": whole}

    @property
    def _last(self) -> str:
        return "torch.cat((h_n[-2], h_n[-1]), 1)" if self.bidirectional else "h_n[-1]"

    @property
    def _kernel(self) -> str:
        return f"torch.{type(self).__name__.lower()}"


def _require_sequence(x: Spec, batch_first: bool) -> None:
    """Raise Mismatch for what is no sequence of so many steps, each of so many numbers."""
    axes = "(N, T, D)" if batch_first else "(T, N, D)"
    if not x.dtype.is_floating_point:
        gets = f"whole numbers, {shape_text(x.shape)}"
        raise Mismatch("x", f"{axes} with D numbers a step", "put an Embedding before it", gets)
    if len(x.shape) < 3:
        hint = "put an Unsqueeze before it for steps of one number each; an Embedding for text"
        raise Mismatch("x", f"{axes}, T steps of D numbers each", hint)
    if len(x.shape) > 3:
        raise Mismatch("x", f"{axes}, T steps of D numbers each", "put a Flatten before it")
    steps, batch = (x.shape[1], x.shape[0]) if batch_first else (x.shape[0], x.shape[1])
    if isinstance(steps, str):
        turned = isinstance(batch, int)
        other = f"set batch_first to {not batch_first}"
        hint = other if turned else "keep the batch on an axis of its own"
        raise Mismatch("x", f"{axes} with as many steps T for every batch", hint)
    if isinstance(x.shape[2], str):
        raise Mismatch("x", f"{axes} with a fixed D", "keep the batch on an axis of its own")
