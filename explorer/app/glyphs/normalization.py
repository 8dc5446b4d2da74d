"""Which numbers share a mean, as Wu & He 2018 draw it: channels to the right, rows to the back."""

from explorer.app.glyphs.drawing import Drawing

_BLOCK = (
    "R 1.2 5.4 9 9 M 1.2 5.4 L 5.6 1.4 L 14.6 1.4 L 14.6 10.4 L 10.2 14.4 M 10.2 5.4 L 14.6 1.4"
)
_TABLE = "R 1.8 1.8 12.4 12.4"
_TABLE_CELLS = (
    "M 5.9 1.8 L 5.9 14.2 M 10.1 1.8 L 10.1 14.2 M 1.8 5.9 L 14.2 5.9 M 1.8 10.1 L 14.2 10.1"
)
_FACE_CELLS = "M 1.2 8.4 L 10.2 8.4 M 1.2 11.4 L 10.2 11.4"
_CHANNEL = "R 4.2 5.4 3 9 M 4.2 5.4 L 8.6 1.4 L 11.6 1.4 L 7.2 5.4 Z"
_CHANNEL_OF_ONE = "R 4.2 5.4 3 9 M 4.2 5.4 L 5.7 4 L 8.7 4 L 7.2 5.4 Z"
_ALL_OF_ONE = "R 1.2 5.4 9 9 M 1.2 5.4 L 2.7 4 L 11.7 4 L 11.7 13 L 10.2 14.4 L 10.2 5.4 Z"
_HALF_OF_ONE = "R 1.2 5.4 4.5 9 M 1.2 5.4 L 2.7 4 L 7.2 4 L 5.7 5.4 Z"

FAMILY = Drawing("M 1 13.4 C 5.6 13.4 5 2.6 8 2.6 C 11 2.6 10.4 13.4 15 13.4", "", "M 8 1 L 8 15")

LAYERS = {
    "BatchNorm1d": Drawing(_TABLE, "R 5.9 1.8 4.2 12.4", _TABLE_CELLS),
    "BatchNorm2d": Drawing(_BLOCK, _CHANNEL),
    "BatchNorm3d": Drawing(_BLOCK, _CHANNEL, _FACE_CELLS),
    "InstanceNorm2d": Drawing(_BLOCK, _CHANNEL_OF_ONE),
    "LayerNorm": Drawing(_BLOCK, _ALL_OF_ONE),
    "GroupNorm": Drawing(_BLOCK, _HALF_OF_ONE),
    "LocalResponseNorm": Drawing(_BLOCK, "R 4.2 8.4 3 3", "", "R 1.2 8.4 9 3"),
    "RMSNorm": Drawing("M 1 8.8 L 3 7.8 L 5.6 13.8 L 8 2.4 L 15 2.4", "R 9.2 5.4 4.8 8.6"),
}
