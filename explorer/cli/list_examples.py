"""`examples`: the starter graphs."""

from dataclasses import asdict, dataclass

from explorer.cli import lines, tables
from explorer.graph import examples


@dataclass(frozen=True)
class _Example:
    name: str
    about: str
    nodes: int
    parameters: int


def list_examples(json: bool) -> int:
    """Print every starter graph with what it says of itself."""
    found = [_look_at(name) for name in examples.names()]
    if json:
        lines.print_json([asdict(example) for example in found])
    else:
        _show(found)
    return 0


def _look_at(name: str) -> _Example:
    graph = examples.load_example(name)
    return _Example(name, examples.about(graph), len(graph.nodes), graph.analysis.parameter_count())


def _show(found: list[_Example]) -> None:
    table = tables.table("Name", "About", "Nodes", "Parameters", numbers=("Nodes", "Parameters"))
    for example in found:
        table.add_row(example.name, example.about, f"{example.nodes:,}", f"{example.parameters:,}")
    tables.show(table)
