"""The real digits enlarged, for nets that want more than 8x8 pixels to work on."""

from dataclasses import replace
from functools import lru_cache

from torch import Tensor
from torch.nn.functional import interpolate

from explorer.data import bundled, targets
from explorer.data.dataset import Dataset

SIZE = 32


def enlarged(form: targets.Form) -> Dataset:
    """The digits as x (N, 1, 32, 32) in [0, 1], in tensors of the caller's own."""
    return replace(
        bundled.read("digits", form),
        name="digits_32",
        x=_images().clone(),
        feature_names=pixel_names(SIZE, SIZE),
    )


def pixel_names(rows: int, columns: int) -> tuple[str, ...]:
    """Names for the features of an image, as scikit-learn has them for the digits."""
    return tuple(f"pixel_{row}_{column}" for row in range(rows) for column in range(columns))


@lru_cache(maxsize=1)
def _images() -> Tensor:
    small = bundled.read("digits", "class").x
    # Bicubic strokes are smooth where bilinear ones show the old grid; they may overshoot.
    return interpolate(small, size=(SIZE, SIZE), mode="bicubic", align_corners=False).clamp(0, 1)
