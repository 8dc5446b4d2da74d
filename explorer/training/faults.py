"""What goes wrong while training, in a sentence."""

import errno
from math import inf

import torch

_NO_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "enforce fail")


class TrainingError(RuntimeError):
    """Training that could not go on; the message says what happened, where, and how to mend it."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception means that a device, or this machine, ran out of memory."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, RuntimeError) and any(
        phrase in str(error).lower() for phrase in _NO_MEMORY
    )


def is_device_fault(error: BaseException) -> bool:
    """Whether an exception means that an accelerator no longer answers."""
    if isinstance(error, torch.AcceleratorError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(
        phrase in text
        for phrase in ("cuda error", "device-side assert", "device lost", "xpu error")
    )


def explain(error: BaseException, device: torch.device, batch_size: int) -> str:
    """One sentence or two for a person; the first line of the error where it is none we know."""
    if is_out_of_memory(error):
        return (
            f"{device} ran out of memory at batches of {batch_size} rows: "
            "make the batch smaller, or the layers narrower, and train again"
        )
    first = str(error).strip().partition("\n")[0] or type(error).__name__
    if is_device_fault(error):
        return (
            f"{device} no longer answers ({first}): choose another device and train again; "
            "the weights last kept are still there"
        )
    return f"training stopped at an error: {first}"


def divergence(where: str, loss: float, loss_kind: str | None, learning_rate: float) -> str:
    """Why training has gone nowhere since some step, and how to mend it."""
    if loss_kind == "CTCLoss" and loss == inf:
        return (
            f"the loss is infinite {where}: a target needs more time steps than its input "
            "has, one for each class and one between equal ones; feed longer sequences, or "
            "set zero_infinity of the CTCLoss"
        )
    return (
        f"the loss is no longer a number {where}: reset, "
        f"lower the learning rate (it is {learning_rate:g}) and train again"
    )
