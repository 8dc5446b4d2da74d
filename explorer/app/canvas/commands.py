"""What keys and menus do to the canvas: add, delete, nudge, rename, click on wires."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from explorer.app.canvas import bookmarking
from explorer.app.canvas.healing import healing
from explorer.app.canvas.walking import WAYS, walk
from explorer.app.canvas.wire_commands import WireCommands
from explorer.graph import Edit, Graph, GraphError
from explorer.graph.collapsing import collapsing
from explorer.graph.grouping import nodes_of
from explorer.graph.muting import muting

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_NUDGE, _A_LITTLE = 10, 1


class Commands:
    """Acts on what is selected in a view."""

    def __init__(self, view: GraphView):
        self._view = view
        self._scene = view.graph_scene
        self.wires = WireCommands(view)

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What each command of the canvas does, by its name."""
        view = self._view
        moves: dict[str, Callable[[], object]] = {
            f"nudge_{way}{ending}": partial(self.nudge, *along, by)
            for way, along in WAYS.items()
            for ending, by in (("", _NUDGE), ("_a_little", _A_LITTLE))
        }
        moves |= {f"walk_{way}": partial(walk, view, way) for way in WAYS}
        return moves | {
            **view.aligner.answers,
            "group": view.groups.group,
            "expand_group": view.groups.expand,
            "enter_group": view.groups.enter,
            "leave_group": view.groups.leave,
            "delete": self.delete_selection,
            "delete_and_join": self.delete_and_join,
            "rename": self.rename,
            "replace": self.replace,
            **self.wires.answers,
            **{
                f"bookmark_{number}": partial(view.bookmarks.visit, number)
                for number in range(1, bookmarking.KEYS + 1)
            },
            "add_note": view.annotator.add_note,
            "frame": view.annotator.frame,
            "open_settings": self.open_settings,
            "mute": self.mute,
            "collapse": self.collapse,
            "select_all": view.select_all,
            "quick_add": view.quick_add,
            "frame_all": view.frame_all,
            "frame_selection": view.frame_selection,
            "arrange": view.arranger.arrange,
            "arrange_down": partial(view.arranger.arrange, "down"),
        }

    @property
    def words(self) -> dict[str, str]:
        """What those commands are called that would do one of two things now."""
        graph = self._scene.graph
        nodes = [graph.nodes[id] for id in nodes_of(graph, self._scene.selected())]
        are_muted = bool(nodes) and all(node.is_muted for node in nodes)
        are_collapsed = bool(nodes) and all(node.is_collapsed for node in nodes)
        return {
            "mute": "Unmute" if are_muted else "Mute",
            "collapse": "Unfold" if are_collapsed else "Collapse",
        }

    def delete_selection(self) -> None:
        ids, wires = self._scene.selected(), self._scene.selected_wires()
        if bend := self._scene.chosen_bend():
            self.wires.remove_bend(*bend)
        elif ids or wires:
            self._scene.graph.do(self._scene.graph.removal(ids, wires))
        else:
            self._view.refused.emit("Select what to delete first")

    def delete_and_join(self) -> None:
        """Delete what is selected; who read a deleted node reads what that node read."""
        ids, wires = self._scene.selected(), self._scene.selected_wires()
        if not ids:
            self.delete_selection()
            return
        edit, joins = healing(self._scene.graph, ids, wires)
        self._scene.graph.do(edit)
        joined = [f"{wire.target} now reads {wire.source}" for wire in joins]
        if len(joined) > 2:
            joined = [f"{len(joined)} wires joined"]
        self._view.told.emit("; ".join(joined) or f"{edit.label}: nothing to join")

    def rename(self) -> None:
        """Let the person change the name of the one selected node where it stands."""
        chosen = self._scene.selected()
        if len(chosen) == 1 and chosen[0] in self._scene.graph.notes:
            self._view.annotator.edit(chosen[0])
        elif len(chosen) == 1:
            self._view.rename(chosen[0])
        else:
            self._view.refused.emit("Select one node to rename")

    def open_settings(self) -> None:
        """Let the person change the settings of the one selected card."""
        chosen = self._scene.selected()
        if len(chosen) == 1:
            self._view.node_activated.emit(chosen[0])
        else:
            self._view.refused.emit("Select one node to change its settings")

    def mute(self) -> None:
        """Let the selected nodes be passed over or, where all of them are, compute again."""
        self._change_nodes(muting, "mute")

    def collapse(self) -> None:
        """Show the titles of the selected nodes alone or, where all do so, their full cards."""
        self._change_nodes(collapsing, "collapse")

    def _change_nodes(self, change: Callable[[Graph, list[str]], Edit], verb: str) -> None:
        graph = self._scene.graph
        ids = nodes_of(graph, self._scene.selected())
        if not ids:
            self._view.refused.emit(f"Select nodes to {verb} first")
            return
        try:
            graph.do(change(graph, ids))
        except GraphError as error:
            self._view.refused.emit(str(error))

    def nudge(self, across: int, down: int, by: int) -> None:
        """Move what is selected a little, and what stands in the frames among it."""
        graph = self._scene.graph
        places = {id: graph.item(id).position for id in self._scene.selected()}
        if places:
            moved = {id: (x + across * by, y + down * by) for id, (x, y) in places.items()}
            graph.move(self._scene.annotations.moving_with(moved))

    def replace(self) -> None:
        """Offer what can stand in the place of the one selected node."""
        chosen = self._scene.selected()
        if len(chosen) == 1 and chosen[0] in self._scene.graph.nodes:
            self._view.offers.in_place_of(chosen[0])
        else:
            self._view.refused.emit("Select one node to replace")
