"""`layers`: every layer with its ports and settings, and the blocks made of them."""

from itertools import groupby
from typing import Any

from rich.text import Text

from explorer.cli import lines, tables
from explorer.graph import blocks
from explorer.layers import Layer, catalogue
from explorer.layers.base import settings_of

_MOST = 4
"""Parameters to name: a recurrent layer has many, all of one pattern."""


def list_layers(json: bool) -> int:
    """Print all that each layer declares, family by family."""
    found = list(catalogue().values())
    if json:
        lines.print_json([*map(_as_json, found), *map(_block_as_json, blocks.names())])
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


def _block_as_json(name: str) -> dict[str, Any]:
    nodes = [{"id": node.id, "layer": node.kind} for node in blocks.block(name).nodes.values()]
    return {"name": name, "family": "Block", "summary": blocks.summary(name), "nodes": nodes}


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
            table.add_row(f"  {layer.name()}", _ports(layer), _about(layer))
    table.add_section()
    table.add_row(Text("Block", "bold"))
    for name in blocks.names():
        kinds = ", ".join(node.kind for node in blocks.block(name).nodes.values())
        about = Text(blocks.summary(name))
        about.append(f"\nlayers: {kinds}", "dim")
        table.add_row(f"  {name}", "", about)
    tables.show(table)


def _ports(layer: type[Layer]) -> str:
    """Inputs and outputs; what may stay unconnected in brackets."""
    inputs = [f"[{port}]" if port in layer.optional else port for port in layer.inputs]
    return f"{', '.join(inputs)} → {', '.join(layer.outputs)}".lstrip()


def _about(layer: type[Layer]) -> Text:
    text = Text(layer.summary())
    if layer.weights:
        more = " …" if len(layer.weights) > _MOST else ""
        text.append(f"\nparameters: {', '.join(layer.weights[:_MOST])}{more}", "dim")
    if settings := [f"{each['name']}={each['default']!r}" for each in _settings(layer)]:
        text.append(f"\nsettings: {', '.join(settings)}", "dim")
    return text
