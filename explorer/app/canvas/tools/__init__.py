"""The mouse gestures of the canvas, one class each."""

from explorer.app.canvas.tools.band import BandTool, LassoTool
from explorer.app.canvas.tools.base import Tool
from explorer.app.canvas.tools.bend import BendTool
from explorer.app.canvas.tools.connect import ConnectTool
from explorer.app.canvas.tools.cut import CutTool
from explorer.app.canvas.tools.move import MoveTool
from explorer.app.canvas.tools.pan import PanTool
from explorer.app.canvas.tools.resize import ResizeTool

__all__ = [
    "BandTool",
    "BendTool",
    "ConnectTool",
    "CutTool",
    "LassoTool",
    "MoveTool",
    "PanTool",
    "ResizeTool",
    "Tool",
]
