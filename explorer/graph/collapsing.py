"""Collapsing nodes: their cards show the title alone, and ports at its edges."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.graph.edits import ReplaceNode, Several, named

if TYPE_CHECKING:
    from explorer.graph.graph import Graph


def collapsing(graph: "Graph", ids: Collection[str]) -> Several:
    """The edit that collapses nodes or, where all of them are collapsed, shows them in full."""
    nodes = [graph.node(id) for id in ids]
    collapses = not all(node.is_collapsed for node in nodes)
    label = f"{'Collapse' if collapses else 'Unfold'} {named(ids)}"
    changed = [replace(node, is_collapsed=collapses) for node in nodes]
    edits = [ReplaceNode(node, label) for node in changed if node != graph.nodes[node.id]]
    return Several(tuple(edits), label)
