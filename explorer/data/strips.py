"""Strips of real digits side by side, to be read as a sequence."""

import torch
from torch import Generator

from explorer.data import bundled
from explorer.data.dataset import Dataset, Signature
from explorer.data.digits import pixel_names

FEWEST_DIGITS, MOST_DIGITS = 3, 5
DIGIT = 8
WIDEST_GAP = 2
WIDTH = MOST_DIGITS * DIGIT + (MOST_DIGITS - 1) * WIDEST_GAP
CLASS_NAMES = ("blank", *"0123456789")
MOST_SAMPLES = 100_000

SIGNATURE = Signature(
    x_shape=(1, DIGIT, WIDTH),
    x_dtype=torch.float32,
    y_shape=(MOST_DIGITS,),
    y_dtype=torch.int64,
    classes=len(CLASS_NAMES),
)


def make(samples: int, seed: int) -> Dataset:
    """`samples` strips x (N, 1, 8, 48) in [0, 1] of y (N, 5), the same for the same seed.

    A strip starts with a digit; up to two dark columns part it from the next. Digit d is class
    d + 1, since 0 is the blank of connectionist temporal classification; it also fills up y
    after a strip's last digit.
    """
    generator = Generator().manual_seed(seed)
    digits = bundled.read("digits", "class")
    chosen = torch.randint(len(digits), (samples, MOST_DIGITS), generator=generator)
    counts = torch.randint(FEWEST_DIGITS, MOST_DIGITS + 1, (samples, 1), generator=generator)
    gaps = torch.randint(WIDEST_GAP + 1, (samples, MOST_DIGITS), generator=generator)
    gaps[:, 0] = 0
    present = torch.arange(MOST_DIGITS) < counts

    starts = gaps.cumsum(1) + DIGIT * torch.arange(MOST_DIGITS)
    columns = (starts.unsqueeze(2) + torch.arange(DIGIT)).reshape(samples, 1, -1)
    images = digits.x[chosen, 0] * present[:, :, None, None]
    lines = images.transpose(1, 2).reshape(samples, DIGIT, -1)
    x = torch.zeros(samples, DIGIT, WIDTH).scatter_(2, columns.expand_as(lines), lines)
    return Dataset(
        name="digit_strips",
        x=x.unsqueeze(1),
        y=(digits.y[chosen] + 1) * present,
        classes=len(CLASS_NAMES),
        class_names=CLASS_NAMES,
        feature_names=pixel_names(DIGIT, WIDTH),
    )
