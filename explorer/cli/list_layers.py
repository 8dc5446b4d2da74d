"""`layers`: every layer with its ports and settings."""

from itertools import groupby
from typing import Any

from rich.text import Text

from explorer.cli import lines, tables
from explorer.layers import Layer, catalogue
from explorer.layers.base import settings_of


def list_layers(json: bool) -> int:
    """Print all that each layer declares, family by family."""
    found = list(catalogue().values())
    if json:
        lines.print_json([_as_json(layer) for layer in found])
    else:
        _show(found)
    return 0


def _as_json(layer: type[Layer]) -> dict[str, Any]:
    return {
        "name": layer.name(),
        "family": layer.family,
        "summary": layer.summary(),
        "inputs": layer.inputs,
        "optional": layer.optional,
        "outputs": layer.outputs,
        "parameters": layer.weights,
        "buffers": layer.buffers,
        "settings": _settings(layer),
        "equations": layer.equations,
        "synonyms": layer.synonyms,
        "is_loss": layer.is_loss,
    }


def _settings(layer: type[Layer]) -> list[dict[str, Any]]:
    """Each setting as JSON Schema has it: type, default, description, limits, choices."""
    properties = layer.model_json_schema().get("properties", {})
    return [
        {"name": name, "type": _type(properties[name]), **properties[name]}
        for name in settings_of(layer)
    ]


def _type(schema: dict[str, Any]) -> str:
    return " or ".join(option["type"] for option in schema.get("anyOf", [schema]))


def _show(found: list[type[Layer]]) -> None:
    table = tables.table("Layer", "Ports", "What it does")
    for family, members in groupby(found, key=lambda layer: layer.family):
        table.add_section()
        table.add_row(Text(family, "bold"))
        for layer in members:
            ports = f"{', '.join(layer.inputs)} → {', '.join(layer.outputs)}".lstrip()
            table.add_row(f"  {layer.name()}", ports, _about(layer))
    tables.show(table)


def _about(layer: type[Layer]) -> Text:
    text = Text(layer.summary())
    if layer.weights:
        text.append(f"\nparameters: {', '.join(layer.weights)}", "dim")
    if settings := [f"{each['name']}={each['default']!r}" for each in _settings(layer)]:
        text.append(f"\nsettings: {', '.join(settings)}", "dim")
    return text
