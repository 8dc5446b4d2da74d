"""The canvas: a scene that follows a graph, a view to edit it with, a palette of layers."""

from explorer.app.canvas.overlay import StepOverlay
from explorer.app.canvas.palette import MIME, Palette
from explorer.app.canvas.scene import GraphScene
from explorer.app.canvas.view import GraphView

__all__ = ["MIME", "GraphScene", "GraphView", "Palette", "StepOverlay"]
