"""All steps of an LSTM in one call of oneDNN, the library that torch.nn.LSTM calls on a CPU.

It computes what `LSTM.step_forward` and `step_backward` do, step by step, but keeps it in a
workspace of its own, and only in float32.
"""

from collections.abc import Collection

import torch
from torch import Tensor

from explorer.layers.sequence.unrolling import Gradients, Lane, Ran, State

_IS_THERE = torch.backends.mkldnn.is_available()
_LSTM = 2  # as torch counts kinds of recurrent layers


def takes(lane: Lane) -> bool:
    """Whether it can run a lane. What autograd follows it leaves to the plain steps."""
    x = lane.x
    if not (_IS_THERE and x.is_cpu and x.dtype == torch.float32 and x.numel()):
        return False
    read = (x, *lane.before, *lane.weights)
    return not any(tensor is not None and tensor.requires_grad for tensor in read)


def gave(ran: Ran) -> bool:
    """Whether it was here that a lane ran."""
    return isinstance(ran.kept, Tensor)


def sweep_forward(lane: Lane) -> Ran:
    """All steps of a lane; what it keeps is oneDNN's workspace."""
    # The workspace is kept only where autograd is on, though nothing here wants autograd.
    with torch.enable_grad():
        h, h_n, c_n, workspace = torch.ops.aten.mkldnn_rnn_layer(
            *_read(lane),
            reverse=lane.reverse,
            batch_sizes=[],
            mode=_LSTM,
            hidden_size=_hidden_size(lane),
            num_layers=1,
            has_biases=lane.weights.b_ih is not None,
            bidirectional=False,
            batch_first=False,
            train=True,
        )
    return Ran(lane, h, (h_n, c_n), workspace)


def sweep_backward(
    ran: Ran, dout: Tensor | None, dafter: State, wanted: Collection[str]
) -> Gradients:
    """All steps of a lane back; it computes every gradient, wanted or not."""
    lane = ran.lane
    dx, dw_ih, dw_hh, db_ih, db_hh, dh, dc = torch.ops.aten.mkldnn_rnn_layer_backward(
        *_read(lane),
        ran.h.contiguous(),
        *ran.after,
        torch.zeros_like(ran.h) if dout is None else dout.contiguous(),
        *(part.contiguous() for part in dafter if part is not None),
        reverse=lane.reverse,
        mode=_LSTM,
        hidden_size=_hidden_size(lane),
        num_layers=1,
        has_biases=lane.weights.b_ih is not None,
        train=True,
        bidirectional=False,
        batch_sizes=[],
        batch_first=False,
        workspace=ran.kept,
    )
    # Both biases come as one tensor, but a gradient may be changed in place.
    there = {"x": dx, "w_ih": dw_ih, "w_hh": dw_hh, "b_ih": db_ih, "b_hh": db_hh.clone()}
    chosen = {name: found if name in wanted else None for name, found in there.items()}
    return Gradients(h=dh, c=dc, **chosen)


def _read(lane: Lane) -> list[Tensor]:
    """x, the weights with 0 for biases that are not there, h and c, as oneDNN takes them."""
    w_ih, w_hh, b_ih, b_hh = lane.weights
    none = w_ih.new_zeros(len(w_ih))
    biases = (none if bias is None else bias for bias in (b_ih, b_hh))
    found = (lane.x, w_ih, w_hh, *biases, *lane.before)
    return [tensor.contiguous() for tensor in found if tensor is not None]


def _hidden_size(lane: Lane) -> int:
    return lane.weights.w_hh.shape[1]
