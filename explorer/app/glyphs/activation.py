"""Activations that are not the curve of one number; the others `curves` draws by itself."""

from explorer.app.glyphs.drawing import Drawing

_AXES = "M 1 10 L 15 10 M 8 1 L 8 15"

FAMILY = Drawing("M 1.5 11.5 L 7.5 11.5 L 14 3")

LAYERS = {
    "Softmax": Drawing(
        "M 1 14.4 L 15 14.4", "R 1.6 10 2.6 4.4 R 5 2 2.6 12.4 R 8.4 7.4 2.6 7 R 11.8 11.6 2.6 2.8"
    ),
    "LogSoftmax": Drawing(
        "M 1 1.6 L 15 1.6", "R 1.6 1.6 2.6 6 R 5 1.6 2.6 2 R 8.4 1.6 2.6 4 R 11.8 1.6 2.6 12"
    ),
    "GLU": Drawing(
        "M 1.4 3 L 5.6 3 L 8.6 5.6 M 1.4 13 L 5.6 13 L 8.6 10.4 O 11 8 3.6 "
        "M 9.6 6.6 L 12.4 9.4 M 12.4 6.6 L 9.6 9.4"
    ),
    "PReLU": Drawing(
        "M 1.5 13 L 8 10 L 13.6 2.2", "", f"{_AXES} M 8 10 L 1.5 11.4 M 8 10 L 2.6 15"
    ),
}
