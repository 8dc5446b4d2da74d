"""Blocks: several layers that are added together."""

from explorer.app.glyphs.drawing import Drawing

FAMILY = Drawing("R 1.8 2 5.4 5 R 8.8 9 5.4 5 M 7.2 4.5 L 11.5 4.5 L 11.5 9")
LAYERS: dict[str, Drawing] = {}
