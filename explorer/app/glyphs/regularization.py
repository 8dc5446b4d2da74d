"""What is left out, crossed."""

from explorer.app.glyphs.drawing import Drawing

FAMILY = Drawing(
    "M 6.5 1.5 L 9.5 4.5 M 9.5 1.5 L 6.5 4.5 M 11.5 6.5 L 14.5 9.5 M 14.5 6.5 L 11.5 9.5 "
    "M 1.5 11.5 L 4.5 14.5 M 4.5 11.5 L 1.5 14.5",
    "O 3 3 1.9 O 13 3 1.9 O 3 8 1.9 O 8 8 1.9 O 8 13 1.9 O 13 13 1.9",
)

LAYERS = {
    "Dropout": FAMILY,
    "Dropout2d": Drawing(
        "M 10 2 L 14 6 M 14 2 L 10 6 M 2 10 L 6 14 M 6 10 L 2 14",
        "R 1.4 1.4 5.6 5.6 R 9 9 5.6 5.6",
    ),
    "AlphaDropout": Drawing("T 1.6 1 12 α M 11 1.6 L 14.4 5 M 14.4 1.6 L 11 5"),
}
