"""Several numbers and the one that is left: the largest is solid, an average is pale all over."""

from explorer.app.glyphs.drawing import Drawing

_ROW = "R 1 10 14 4.4 M 1 10 L 6.2 5 M 15 10 L 9.8 5"
_ROW_CELLS = "M 4.5 10 L 4.5 14.4 M 8 10 L 8 14.4 M 11.5 10 L 11.5 14.4"
_GRID = "R 1.2 5.6 9.2 9.2 M 1.2 5.6 L 11.4 1.2 M 10.4 14.8 L 14.8 4.6"
_GRID_CELLS = "M 5.8 5.6 L 5.8 14.8 M 1.2 10.2 L 10.4 10.2"
_CUBE = (
    "R 1.2 5.4 9.2 9.2 M 1.2 5.4 L 5.6 1.2 L 14.8 1.2 L 14.8 10.2 L 10.4 14.6 M 10.4 5.4 L 14.8 1.2"
)
_CUBE_CELLS = "M 5.8 5.4 L 5.8 14.6 M 1.2 10 L 10.4 10"
_SIDES = "M 3.6 3 L 1.4 3 L 1.4 13 L 3.6 13 M 12.4 3 L 14.6 3 L 14.6 13 L 12.4 13"
_CORNERS = (
    "M 1.4 4.6 L 1.4 1.4 L 4.6 1.4 M 11.4 1.4 L 14.6 1.4 L 14.6 4.6 "
    "M 14.6 11.4 L 14.6 14.6 L 11.4 14.6 M 4.6 14.6 L 1.4 14.6 L 1.4 11.4"
)

FAMILY = Drawing(_GRID, "R 5.8 5.6 4.6 4.6 R 11.4 1.2 3.4 3.4", _GRID_CELLS)

LAYERS = {
    "MaxPool1d": Drawing(_ROW, "R 4.5 10 3.5 4.4 R 6.2 1.4 3.6 3.6", _ROW_CELLS),
    "MaxPool2d": FAMILY,
    "MaxPool3d": Drawing(_CUBE, "R 5.8 5.4 4.6 4.6", _CUBE_CELLS),
    "AvgPool1d": Drawing(_ROW, "R 6.2 1.4 3.6 3.6", _ROW_CELLS, "R 1 10 14 4.4"),
    "AvgPool2d": Drawing(_GRID, "R 11.4 1.2 3.4 3.4", _GRID_CELLS, "R 1.2 5.6 9.2 9.2"),
    "AvgPool3d": Drawing(_CUBE, "", _CUBE_CELLS, "R 1.2 5.4 9.2 9.2"),
    "AdaptiveMaxPool1d": Drawing(_SIDES, "R 4.6 6 6.8 4"),
    "AdaptiveMaxPool2d": Drawing(_CORNERS, "R 4.8 4.8 6.4 6.4"),
    "AdaptiveAvgPool1d": Drawing(f"{_SIDES} R 4.6 6 6.8 4", pale="R 4.6 6 6.8 4"),
    "AdaptiveAvgPool2d": Drawing(f"{_CORNERS} R 4.8 4.8 6.4 6.4", pale="R 4.8 4.8 6.4 6.4"),
    "LPPool2d": Drawing("T 2 3 10 L T 9.6 0.6 5 p"),
}
