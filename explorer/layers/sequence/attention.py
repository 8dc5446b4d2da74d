"""Attention: every position of a sequence looks at others and gathers from them."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from explorer.layers.base import (
    Learning,
    Mismatch,
    ParameterSpec,
    Spec,
    require_float,
    shape_text,
)
from explorer.layers.initialisation import (
    MatrixInit,
    VectorInit,
    constant,
    fan_in_uniform,
    initial,
    starts,
    xavier_uniform,
)
from explorer.layers.sequence import attention_lines, attention_walk, projection
from explorer.layers.sequence import scaled_dot_product as heads
from explorer.layers.sequence.projection import LEARNED, PORTS, WEIGHTS
from explorer.layers.walking import Walk
from explorer.layers.written import Lines, Unwritable


class MultiheadAttention(Learning):
    """Lets each position of a sequence gather what it looks for from others, with several heads.

    Shapes: query (N, T, D), key and value (N, S, D), key_padding_mask (N, S), w_in (3D, D),
    b_in (3D,), w_out (D, D), b_out (D,), out (N, T, D), weights (N, T, S) averaged over heads.
    A key that is not wired is the query, a value that is not wired the key: one wire makes
    self-attention. A key whose mask is not 0 is ignored; where all are, nothing is gathered.
    Source: Vaswani et al. 2017, "Attention is all you need"; torch.nn.MultiheadAttention with
    batch_first.
    """

    family: ClassVar[str] = "Sequence"
    inputs: ClassVar[tuple[str, ...]] = (*PORTS, "key_padding_mask")
    outputs: ClassVar[tuple[str, ...]] = ("out", "weights")
    optional: ClassVar[tuple[str, ...]] = ("key", "value", "key_padding_mask")
    weights: ClassVar[tuple[str, ...]] = WEIGHTS
    differentiable: ClassVar[tuple[str, ...]] = LEARNED
    cache: ClassVar[tuple[str, ...]] = (
        *(*PORTS, *WEIGHTS),
        *("q of each head", "k of each head", "v of each head", "what the heads gathered"),
        *("weights of each head, or ln Σ exp of its scores", "what dropout kept, or the mask"),
        *("causal", "dropout"),
    )
    stem: ClassVar[str] = "attention"
    synonyms: ClassVar[tuple[str, ...]] = (
        *("transformer", "self attention", "cross attention", "mha"),
        "scaled dot product",
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a · w_outᵀ + b_out, a = P · v of every head side by side",
        "P": "P = softmax(q · kᵀ / √E), E numbers in each of q and k of a head",
        "qkv": "q = query · w_qᵀ + b_q, k = key · w_kᵀ + b_k, v = value · w_vᵀ + b_v, "
        "w_in = (w_q, w_k, w_v) one below the other",
        "weights": "weights = P, averaged over the heads",
        "dquery": "dquery = dq · w_q",
        "dkey": "dkey = dk · w_k",
        "dvalue": "dvalue = dv · w_v",
        "dqkv": "dq = dS · k / √E, dk = dSᵀ · q / √E, dv = Pᵀ · da",
        "dS": "dS = P (dP − Σ P dP), dP = da · vᵀ, da = dout · w_out",
        "dw_in": "dw_in = (dqᵀ · query, dkᵀ · key, dvᵀ · value)",
        "db_in": "db_in = Σ (dq, dk, dv)",
        "dw_out": "dw_out = doutᵀ · a",
        "db_out": "db_out = Σ dout",
    }
    zeros: ClassVar[dict[str, str]] = {
        "query": "it may look at no key, or at a single one that has all the weight in any case",
        **dict.fromkeys(
            ("key", "value"), "no query may look at it: it is masked, or lies behind all of them"
        ),
    }
    nn_weights: ClassVar[Mapping[str, str]] = {
        "w_in": "in_proj_weight",
        "b_in": "in_proj_bias",
        "w_out": "out_proj.weight",
        "b_out": "out_proj.bias",
    }

    num_heads: int = Field(
        4, ge=1, le=1024, description="How many heads, which share the D features evenly"
    )
    bias: bool = Field(True, description="Add learned biases b_in and b_out")
    causal: bool = Field(False, description="Let no position look at those behind it")
    dropout: float = Field(
        0.0, ge=0, lt=1, description="The probability that a weight is dropped while training"
    )
    need_weights: bool = Field(
        False, description="Give the attention weights too, averaged over heads; takes longer"
    )
    w_in_init: MatrixInit = starts("w_in")
    b_in_init: VectorInit = starts("b_in")
    w_out_init: MatrixInit = starts("w_out")
    b_out_init: VectorInit = starts("b_out")

    @property
    def gives(self) -> tuple[str, ...]:
        return ("out", "weights") if self.need_weights else ("out",)

    @cached_property
    def modes(self) -> tuple[str, ...]:
        """Without dropout it computes the same in training and out of it."""
        return super().modes if self.dropout > 0 else ()

    @staticmethod
    def forward(
        query: Tensor,
        key: Tensor | None,
        value: Tensor | None,
        key_padding_mask: Tensor | None,
        w_in: Tensor,
        b_in: Tensor | None,
        w_out: Tensor,
        b_out: Tensor | None = None,
        num_heads: int = 4,
        causal: bool = False,
        dropout: float = 0.0,
        need_weights: bool = False,
        training: bool = True,
        seed: int = 0,
    ) -> tuple[Any, ...]:
        """out and cache; out, weights and cache with `need_weights`."""
        q, k, v = projection.forward(projection.wired(query, key, value), w_in, b_in, num_heads)
        drops = dropout > 0 and training
        # torch derives the fused kernel once, but not twice.
        fuses = query.device.type == "cpu" and not (q.requires_grad or k.requires_grad)
        if fuses and not need_weights and not drops:
            kept = heads.fused(q, k, v, key_padding_mask, causal)
            seen: tuple[Tensor, ...] = ()
        else:
            kept, used = heads.plain(
                q, k, v, key_padding_mask, causal, dropout if drops else 0.0, seed
            )
            seen = (used.mean(1),) if need_weights else ()
        out = functional.linear(kept.gathered, w_out, b_out)
        return out, *seen, (query, key, value, w_in, b_in, w_out, b_out, *kept)

    @staticmethod
    def backward(
        dout: Tensor | None,
        *dweights_and_cache: Any,
        needs: tuple[str, ...] = LEARNED,
    ) -> tuple[Tensor | None, ...]:
        """Takes dout and cache; dout, dweights and cache with `need_weights`."""
        *dweights, cache = dweights_and_cache
        query, key, value, w_in, b_in, w_out, b_out, *rest = cache
        kept = heads.Kept(*rest)
        if dout is None:
            dout = torch.zeros_like(query)
        rows = dout.flatten(0, 1)
        dw_out = torch.mm(rows.t(), kept.gathered.flatten(0, 1)) if "w_out" in needs else None
        db_out = rows.sum(0) if b_out is not None and "b_out" in needs else None
        if {*PORTS, "w_in", "b_in"}.isdisjoint(needs):
            return None, None, None, None, None, dw_out, db_out
        dused = None
        if dweights and dweights[0] is not None:
            dused = (dweights[0] / kept.q.shape[1]).unsqueeze(1)
        dparts = heads.backward(torch.matmul(dout, w_out), dused, kept)
        sources = projection.wired(query, key, value)
        return *projection.backward(dparts, sources, w_in, b_in, needs), dw_out, db_out

    walk_forward: ClassVar[Callable[..., Walk]] = staticmethod(attention_walk.forward)
    walk_backward: ClassVar[Callable[..., Walk]] = staticmethod(attention_walk.backward)

    def check(
        self,
        query: Spec,
        key: Spec | None = None,
        value: Spec | None = None,
        key_padding_mask: Spec | None = None,
    ) -> None:
        self._check_query(query)
        key, keyed = (query, "query") if key is None else (key, "key")
        rows, width = query.shape[0], query.shape[2]
        if len(key.shape) != 3 or (key.shape[0], key.shape[2]) != (rows, width):
            hint = "let both paths end in the same number of features, with as many rows"
            raise Mismatch("key", f"({rows}, S, {width}), rows and features of query", hint)
        require_float(keyed, key)
        if value is not None:
            require_float("value", value)
            if value.shape != key.shape:
                wanted = f"the shape of {keyed}, {shape_text(key.shape)}"
                raise Mismatch("value", wanted, f"give each position of {keyed} one value")
        if key_padding_mask is not None and key_padding_mask.shape != key.shape[:2]:
            hint = f"give each position of {keyed} one number: 0 to use it, else to ignore it"
            raise Mismatch("key_padding_mask", shape_text(key.shape[:2]), hint)

    def _check_query(self, query: Spec) -> None:
        require_float("query", query)
        if len(query.shape) != 3:
            hint = "wire sequences to it: rows, positions, features of each position"
            raise Mismatch("query", "(N, T, D)", hint)
        width = query.shape[2]
        if not isinstance(width, int):
            raise Mismatch("query", "(N, T, D) with a fixed D", "keep the batch axis first")
        if width % self.num_heads:
            fitting = [n for n in range(1, min(width, 64) + 1) if width % n == 0]
            near = min(fitting, key=lambda n: abs(n - self.num_heads))
            raise Mismatch(
                "query",
                f"a number of features that {self.num_heads} heads can share evenly",
                f"set num_heads to {near}, or make D a multiple of {self.num_heads}",
            )

    def parameters(self, query: Spec, *others: Spec | None) -> dict[str, ParameterSpec]:
        width = int(query.shape[2])
        zeros, narrow = constant(0.0), fan_in_uniform(width)

        def spec(init: str, default: Any, *shape: int) -> ParameterSpec:
            return ParameterSpec(shape, initial(init, shape, default))

        found = {"w_in": spec(self.w_in_init, xavier_uniform(), 3 * width, width)}
        if self.bias:
            found["b_in"] = spec(self.b_in_init, zeros, 3 * width)
        found["w_out"] = spec(self.w_out_init, narrow, width, width)
        if self.bias:
            found["b_out"] = spec(self.b_out_init, zeros, width)
        return found

    def torch_lines(self, *inputs: Spec | None) -> Lines:
        write = attention_lines.step_by_step if self.need_weights else attention_lines.in_torch
        return write(*self._drawn(*inputs), self.causal)

    def hand_lines(self, *inputs: Spec | None) -> Lines:
        if self.dropout:
            raise Unwritable("drops weights at random", "set dropout to 0, put a Dropout behind it")
        return attention_lines.by_hand(*self._drawn(*inputs), self.causal, self.need_weights)

    def nn_lines(self, *inputs: Spec | None) -> Lines:
        wired, lengths, _ = self._drawn(*inputs)
        return attention_lines.in_nn(wired, lengths, self.causal, self.need_weights)

    def nn_settings(self, query: Spec, *others: Spec | None) -> dict[str, Any]:
        return {"embed_dim": query.shape[2], "batch_first": True}

    def _drawn(self, *inputs: Spec | None) -> tuple[list[str], tuple[int, int], int]:
        """Which ports are wired, how many positions look at how many, and D."""
        wired = {port: x for port, x in zip(self.takes, inputs, strict=False) if x is not None}
        lengths = attention_lines.lengths_of(wired["query"], wired.get("key"))
        return list(wired), lengths, int(wired["query"].shape[2])
