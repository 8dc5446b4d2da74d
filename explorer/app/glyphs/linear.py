"""Products with a matrix."""

from explorer.app.glyphs.drawing import Drawing

FAMILY = Drawing(
    lines="M 2.8 2.6 L 13.2 4.6 M 2.8 2.6 L 13.2 11.4 M 2.8 8 L 13.2 4.6 M 2.8 8 L 13.2 11.4 "
    "M 2.8 13.4 L 13.2 4.6 M 2.8 13.4 L 13.2 11.4",
    solid="O 2.8 2.6 1.7 O 2.8 8 1.7 O 2.8 13.4 1.7 O 13.2 4.6 1.7 O 13.2 11.4 1.7",
)

LAYERS = {
    "Linear": FAMILY,
    "Bilinear": Drawing("R 5 5 6 6 M 1 8 L 5 8 M 8 1 L 8 5 M 11 8 L 15 8", pale="R 5 5 6 6"),
    "Embedding": Drawing(
        "R 1.5 1.8 7.2 12.4 M 10.4 6.4 L 14.6 6.4 M 12.6 4.4 L 14.6 6.4 L 12.6 8.4",
        solid="R 1.5 4.9 7.2 3.1",
        pale_lines="M 1.5 11.1 L 8.7 11.1",
    ),
    "MatMul": Drawing("R 1 3.6 6 8.8 R 9 3.6 6 8.8", solid="R 1 6.8 6 2.4 R 10.9 3.6 2.2 8.8"),
    "Identity": Drawing("M 1.5 8 L 14 8 M 10.2 4.2 L 14 8 L 10.2 11.8"),
}
