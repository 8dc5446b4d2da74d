"""What can be done with notes and frames on the canvas: add, write, frame nodes, resize."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

from explorer.app.canvas.annotation_items import TITLE
from explorer.app.canvas.note_editor import NoteEditor
from explorer.app.canvas.placing import free_place
from explorer.graph.annotations import Frame, Note
from explorer.graph.edits import Annotate

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_AROUND = 24.0
"""Between a frame and the cards that it is drawn around, in scene units."""


class Annotator:
    """Acts on a view's notes and frames; each change is an action of its own."""

    def __init__(self, view: GraphView):
        self._view = view
        self._scene = view.graph_scene
        self.editor: NoteEditor | None = None

    def add_note(self) -> None:
        """Add a note where the pointer is, or free in the middle, and let the person write it."""
        graph = self._scene.graph
        note = Note(graph.shelf.new_id(Note), group=self._scene.level)
        corner = self._place(QRectF(QPointF(), QSizeF(*note.size)))
        note = replace(note, position=(round(corner.x()), round(corner.y())))
        graph.do(Annotate(note, f"Add {note.id}"))
        self._scene.select([note.id])
        self.edit(note.id)

    def _place(self, box: QRectF) -> QPointF:
        """The top left corner for a box of that size."""
        box.moveCenter(self._view.pointing.place())
        if self._view.pointing.pixel() is not None:
            return box.topLeft()
        return free_place(box, (item.box for item in self._scene.nodes.values()))

    def frame(self) -> None:
        """Draw a frame around what is selected, and let the person name it."""
        chosen = self._scene.selected()
        if not chosen:
            self._view.refused.emit("Select nodes to frame first")
            return
        box = self._scene.bounds(chosen)
        box = box.adjusted(-_AROUND, -_AROUND - TITLE, _AROUND, _AROUND)
        graph = self._scene.graph
        id = graph.shelf.new_id(Frame)
        frame = Frame(id, "", *_corners(box), group=self._scene.level)
        graph.do(Annotate(frame, f"Add {id}"))
        self._scene.select([id])
        self._view.rename(id)

    def edit(self, id: str) -> None:
        """Let the person write a note's text where it stands."""
        note = self._scene.graph.notes[id]
        self._view.cancel_tool()
        self.close()
        self.editor = NoteEditor(self._view, note)

    def write(self, id: str, text: str) -> None:
        """Change a note's text; a note that never had any is gone."""
        note = self._scene.graph.notes.get(id)
        if note is not None and not note.text and not text.strip():
            self._scene.graph.do(self._scene.graph.removal([id]))
        elif note is not None and note.text != text:
            self._scene.graph.do(Annotate(replace(note, text=text), f"Write {id}"))

    def resize(self, id: str, size: QPointF) -> None:
        """Change how large a note or a frame is."""
        item = self._scene.graph.item(id)
        wanted = round(size.x()), round(size.y())
        if isinstance(item, Note | Frame) and item.size != wanted:
            self._scene.graph.do(Annotate(replace(item, size=wanted), f"Resize {id}"))

    def place(self) -> None:
        """The canvas was moved or zoomed: the text field follows."""
        if self.editor is not None and self.editor.is_over:
            self.editor = None
        if self.editor is not None:
            self.editor.place()

    def close(self) -> None:
        """Another one is written, or another graph is shown."""
        if self.editor is not None and not self.editor.is_over:
            self.editor.leave()
        self.editor = None


def _corners(box: QRectF) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a box begins, and how large it is, in whole units."""
    at, size = box.topLeft().toPoint(), box.size().toSize()
    return (at.x(), at.y()), (size.width(), size.height())
