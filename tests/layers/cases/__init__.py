"""Inputs on which every layer is tested, a file for each family.

A module here may define
    CASES: by layer, rows of (settings, inputs by port). Without one, a layer gets random numbers
        at every port and its default settings.
    REFERENCES: by layer, the same computation in torch: what `forward` takes, by position and
        keyword, to one tensor or a tuple of them. Without one, the module of that name in
        torch.nn is taken, where it has no weights.
"""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from torch import Tensor

Row = tuple[dict[str, Any], dict[str, Tensor]]

CASES: dict[str, list[Row]] = {}
REFERENCES: dict[str, Callable[..., Any]] = {}

for _module in pkgutil.iter_modules(__path__):
    _family = importlib.import_module(f"{__name__}.{_module.name}")
    CASES |= getattr(_family, "CASES", {})
    REFERENCES |= getattr(_family, "REFERENCES", {})
