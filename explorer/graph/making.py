"""Layers and training settings out of plain values, or a GraphError that says what is wrong."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from explorer.graph.errors import GraphError, Problem
from explorer.graph.settings import TrainingSettings
from explorer.layers import Layer, SettingError, catalogue, find
from explorer.layers.base import explain


def make_layer(kind: str, settings: Mapping[str, Any], id: str | None = None) -> Layer:
    """A layer from plain settings; GraphError says what is wrong with them."""
    cls = find(kind)
    if cls is None:
        close = get_close_matches(kind, catalogue(), n=1)
        hint = f"did you mean {close[0]}?" if close else "python main.py layers lists them all"
        raise GraphError(Problem.error(f"there is no layer {kind}", hint, id))
    try:
        return cls.parse(settings)
    except SettingError as error:
        problem = Problem.error(f"{id or kind}: {error}", error.hint, id)
        raise GraphError(problem) from None


def make_training(settings: Mapping[str, Any]) -> TrainingSettings:
    """Training settings from plain values; GraphError says what is wrong with them."""
    try:
        return TrainingSettings.model_validate(dict(settings))
    except ValidationError as error:
        found = explain("training", TrainingSettings, error)
        raise GraphError(Problem.error(f"training: {found}", found.hint)) from None
