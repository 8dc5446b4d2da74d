"""Where numbers go: the same cells before and after, or what is taken and what is left."""

from explorer.app.glyphs.drawing import Drawing

FAMILY = Drawing("R 1.5 1.5 8 8 R 6.5 6.5 8 8", pale="R 6.5 6.5 8 8")

_DASHED_FRAME = (
    "M 1.5 4.5 L 1.5 1.5 L 4.5 1.5 M 6.8 1.5 L 9.2 1.5 M 11.5 1.5 L 14.5 1.5 L 14.5 4.5 "
    "M 14.5 6.8 L 14.5 9.2 M 14.5 11.5 L 14.5 14.5 L 11.5 14.5 M 9.2 14.5 L 6.8 14.5 "
    "M 4.5 14.5 L 1.5 14.5 L 1.5 11.5 M 1.5 9.2 L 1.5 6.8"
)
_COLUMN = "R 11.2 1.4 3.4 13.2"
_COLUMN_CELLS = "M 11.2 4.7 L 14.6 4.7 M 11.2 8 L 14.6 8 M 11.2 11.3 L 14.6 11.3"

LAYERS = {
    "Reshape": Drawing(
        "R 1.5 1.8 9 4 R 10.6 8 4 6.6 M 3.4 8.4 L 3.4 11.6 L 8 11.6 M 6 9.6 L 8 11.6 L 6 13.6",
        pale="R 1.5 1.8 9 4",
    ),
    "Flatten": Drawing(
        "R 1.5 1.6 6.4 6.4 R 1.5 11.4 13 3 M 11.6 2.6 L 11.6 8.4 M 9.4 6.2 L 11.6 8.4 L 13.8 6.2",
        pale_lines="M 4.7 1.6 L 4.7 8 M 1.5 4.8 L 7.9 4.8",
        pale="R 1.5 11.4 13 3",
    ),
    "Unflatten": Drawing(
        "R 1.5 1.6 13 3 R 1.5 8 6.4 6.4 M 11.6 7.2 L 11.6 13 M 9.4 10.8 L 11.6 13 L 13.8 10.8",
        pale_lines="M 4.7 8 L 4.7 14.4 M 1.5 11.2 L 7.9 11.2",
        pale="R 1.5 1.6 13 3",
    ),
    "Permute": Drawing(
        "M 3 2.8 L 13 8 M 3 8 L 13 13.2 M 3 13.2 L 13 2.8",
        "O 3 2.8 1.7 O 3 8 1.7 O 3 13.2 1.7 O 13 2.8 1.7 O 13 8 1.7 O 13 13.2 1.7",
    ),
    "Transpose": Drawing(
        "R 1.8 1.8 12.4 12.4", "R 9 3.8 3.4 3.4", "M 1.8 1.8 L 14.2 14.2", "R 3.8 9 3.4 3.4"
    ),
    "Concat": Drawing("R 1.4 4 6.6 8 R 8 4 6.6 8", "R 1.4 4 6.6 8"),
    "Stack": Drawing(
        "M 8 1.4 L 14.6 4.8 L 8 8.2 L 1.4 4.8 Z M 1.4 8 L 8 11.4 L 14.6 8 "
        "M 1.4 11.2 L 8 14.6 L 14.6 11.2",
        pale="M 8 1.4 L 14.6 4.8 L 8 8.2 L 1.4 4.8 Z",
    ),
    "Split": Drawing(
        "R 1.2 4 4.6 8 R 10.2 4 4.6 8 M 8 1.4 L 8 3.6 M 8 6.9 L 8 9.1 M 8 12.4 L 8 14.6",
        "R 1.2 4 4.6 8",
    ),
    "Slice": Drawing("R 1.2 5 13.6 6 M 5 2 L 5 14 M 10.6 2 L 10.6 14", "R 5 5 5.6 6"),
    "Select": Drawing("R 1.4 1.8 8.8 3 R 1.4 11.2 8.8 3", "R 5.8 6.5 8.8 3"),
    "Squeeze": Drawing(
        "M 8 2 L 8 14 M 1.4 8 L 5.4 8 M 3.2 5.6 L 5.6 8 L 3.2 10.4 "
        "M 14.6 8 L 10.6 8 M 12.8 5.6 L 10.4 8 L 12.8 10.4"
    ),
    "Unsqueeze": Drawing(
        "M 8 2 L 8 14 M 5.6 8 L 1.6 8 M 3.8 5.6 L 1.4 8 L 3.8 10.4 "
        "M 10.4 8 L 14.4 8 M 12.2 5.6 L 14.6 8 L 12.2 10.4"
    ),
    "Pad": Drawing(_DASHED_FRAME, "R 4.8 4.8 6.4 6.4"),
    "Expand": Drawing("R 6.3 2.4 3.4 11.2 R 11.2 2.4 3.4 11.2", "R 1.4 2.4 3.4 11.2"),
    "Upsample": Drawing(
        "M 1.5 6.6 L 1.5 1.5 L 14.5 1.5 L 14.5 14.5 L 9.4 14.5 "
        "M 8 8 L 11.8 4.2 M 8.4 4.2 L 11.8 4.2 L 11.8 7.6",
        "R 1.4 9 5.6 5.6",
    ),
    "PixelShuffle": Drawing(
        "R 1.8 1.8 12.4 12.4 M 8 1.8 L 8 14.2 M 1.8 8 L 14.2 8",
        "R 1.8 1.8 6.2 6.2",
        "",
        "R 8 8 6.2 6.2",
    ),
    "Unfold": Drawing(
        f"R 1.4 4.4 7.2 7.2 {_COLUMN}", "R 1.4 4.4 3.6 3.6 R 11.2 1.4 3.4 3.3", _COLUMN_CELLS
    ),
}
