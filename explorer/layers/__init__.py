"""What a node computes: one class per layer, its maths the static pair forward/backward.

Every layer is an attribute here by its name: `layers.Linear`, `layers.ReLU` …
"""

import importlib
import pkgutil

from explorer.layers.base import (
    Layer,
    Learning,
    Mismatch,
    ParameterSpec,
    SettingError,
    Shape,
    Spec,
    catalogue,
    find,
    narrow,
    shape_text,
)

for _module in pkgutil.walk_packages(__path__, f"{__name__}."):
    importlib.import_module(_module.name)


def __getattr__(name: str) -> type[Layer]:
    layer = find(name)
    if layer is None:
        raise AttributeError(f"there is no layer {name}")
    globals()[name] = layer
    return layer


def __dir__() -> list[str]:
    return [*__all__, *catalogue()]


__all__ = [
    "Layer",
    "Learning",
    "Mismatch",
    "ParameterSpec",
    "SettingError",
    "Shape",
    "Spec",
    "catalogue",
    "find",
    "narrow",
    "shape_text",
]
