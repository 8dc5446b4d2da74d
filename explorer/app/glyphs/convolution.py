"""A window of the input and the one number it becomes; transposed, one number and its window."""

from explorer.app.glyphs.drawing import Drawing

_CELLS = "M 3.8 {0} L 3.8 {1} M 6.6 {0} L 6.6 {1} M 9.4 {0} L 9.4 {1} M 12.2 {0} L 12.2 {1}"

FAMILY = Drawing(
    "R 1.2 5.4 9.4 9.4 M 4.6 6.8 L 11.4 1.2 M 9.2 11.4 L 14.8 4.6",
    solid="R 11.4 1.2 3.4 3.4",
    pale="R 4.6 6.8 4.6 4.6",
)

LAYERS = {
    "Conv1d": Drawing(
        "R 1 10 14 4.4 M 3.8 10 L 6.4 5 M 12.2 10 L 9.6 5",
        solid="R 6.2 1.4 3.6 3.6",
        pale="R 3.8 10 8.4 4.4",
        pale_lines=_CELLS.format(10, 14.4),
    ),
    "Conv2d": FAMILY,
    "Conv3d": Drawing(
        "R 1.2 5.4 9.2 9.2 M 1.2 5.4 L 5.6 1.2 L 14.8 1.2 L 14.8 10.2 L 10.4 14.6 "
        "M 10.4 5.4 L 14.8 1.2",
        solid="R 3.2 7.6 4.6 4.6",
    ),
    "ConvTranspose1d": Drawing(
        "R 1 1.6 14 4.4 M 3.8 6 L 6.4 11 M 12.2 6 L 9.6 11",
        solid="R 6.2 11 3.6 3.6",
        pale="R 3.8 1.6 8.4 4.4",
        pale_lines=_CELLS.format(1.6, 6),
    ),
    "ConvTranspose2d": Drawing(
        "R 5.4 1.2 9.4 9.4 M 1.2 11.4 L 6.8 4.6 M 4.6 14.8 L 11.4 9.2",
        solid="R 1.2 11.4 3.4 3.4",
        pale="R 6.8 4.6 4.6 4.6",
    ),
    "ConvTranspose3d": Drawing(
        "R 6 4.4 5.8 5.8 M 6 4.4 L 9 1.4 L 14.8 1.4 L 14.8 7.2 L 11.8 10.2 M 11.8 4.4 L 14.8 1.4 "
        "M 1.2 11.4 L 4 7.4 M 4.6 14.8 L 8.6 12",
        solid="R 1.2 11.4 3.4 3.4",
        pale="R 6 4.4 5.8 5.8",
    ),
}
