"""How far two tensors are apart that should be equal."""

from torch import Tensor

_SMALL = 1e-6
"""What noise may make of a relative error at most: less than any tolerance."""


def relative_error(a: Tensor, b: Tensor, noise: float = 1e-12) -> float:
    """Largest |a − b| over the largest |a| or |b|.

    A difference below `noise` says nothing, so that it is taken over what it would be small of.
    """
    if a.shape != b.shape:
        return float("inf")
    difference = float((a - b).abs().max()) if a.numel() else 0.0
    scale = max(float(a.abs().max()), float(b.abs().max())) if a.numel() else 1.0
    if difference <= noise:
        return difference / max(scale, noise / _SMALL)
    return difference / scale if difference == difference else float("inf")
