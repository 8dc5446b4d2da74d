"""What can be done with groups on the canvas: make one, look into it, come back, expand it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from explorer.graph import Edit, GraphError
from explorer.graph.grouping import grouping, ungrouping

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView


class GroupCommands:
    """Acts on what is selected in a view, and remembers where one looked in each group."""

    def __init__(self, view: GraphView):
        self._view = view
        self._scene = view.graph_scene
        self._cameras: dict[str, tuple[float, QPointF]] = {}
        self._scene.refreshed.connect(self._forget_gone)

    @property
    def usable(self) -> dict[str, tuple[bool, str]]:
        """Whether each command of groups can be used now, and why not."""
        chosen = self._scene.selected()
        is_group = len(chosen) == 1 and chosen[0] in self._scene.graph.groups
        of_one = (is_group, "Select one group first")
        return {
            "group": (bool(chosen), "Select nodes first"),
            "leave_group": (bool(self._scene.level), "This is the whole net already"),
            **dict.fromkeys(("expand_group", "enter_group", "save_group"), of_one),
        }

    def group(self) -> None:
        """Make one card of the selected ones."""
        self._do(lambda ids: grouping(self._scene.graph, ids), self._scene.selected())

    def expand(self) -> None:
        """Put what is in the selected group in its place."""
        chosen = self._scene.selected()
        if len(chosen) != 1:
            self._view.refused.emit("Select one group to expand")
            return
        inside = list(self._scene.graph.shelf.inside(chosen[0]))
        self._do(lambda ids: (ungrouping(self._scene.graph, ids[0]), inside), chosen)

    def enter(self, id: str | None = None) -> None:
        """Look into a group, the selected one by default."""
        chosen = self._scene.selected() if id is None else [id]
        if len(chosen) != 1 or chosen[0] not in self._scene.graph.groups:
            self._view.refused.emit("Select one group to look into")
            return
        self.show_level(chosen[0])

    def leave(self) -> None:
        """Back to what the group is in."""
        here = self._scene.level
        if not here:
            self._view.refused.emit("This is the whole net already")
            return
        self.show_level(self._scene.graph.groups[here].group)
        self._view.select([here])

    def show_level(self, level: str) -> None:
        """Look into a group as one last did, at all of it the first time."""
        if level == self._scene.level:
            return
        view = self._view
        self._cameras[self._scene.level] = view.scale_factor, view.middle_place()
        self._scene.show_level(level)
        camera = self._cameras.get(level)
        if camera is None:
            view.frame_all()
        else:
            view.look_at(camera[1], camera[0])

    def reveal(self, id: str) -> None:
        """Go to the group that something is in, and select it."""
        graph = self._scene.graph
        if graph.has(id):
            self.show_level(graph.item(id).group)
            self._view.select([id])
            self._view.frame_selection()

    def forget(self) -> None:
        """Another graph is shown."""
        self._cameras.clear()

    def _forget_gone(self) -> None:
        """A group that is made later may get the id of one that is no more."""
        groups = self._scene.graph.groups
        self._cameras = {id: at for id, at in self._cameras.items() if not id or id in groups}

    def _do(
        self, make: Callable[[list[str]], tuple[Edit, str | list[str]]], ids: list[str]
    ) -> None:
        try:
            edit, made = make(ids)
            self._scene.graph.do(edit)
        except GraphError as error:
            self._view.refused.emit(str(error))
            return
        self._view.select([made] if isinstance(made, str) else made)
