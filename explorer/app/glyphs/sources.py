"""Where values come from."""

from explorer.app.glyphs.drawing import Drawing

_CYLINDER = (
    "M 2 3.4 C 2 0.8 14 0.8 14 3.4 C 14 6 2 6 2 3.4 L 2 12.6 C 2 15.2 14 15.2 14 12.6 L 14 3.4 "
    "M 2 8 C 2 10.6 14 10.6 14 8"
)

FAMILY = Drawing(_CYLINDER)

LAYERS = {
    "Data": FAMILY,
    "Input": Drawing("M 1.5 8 L 10 8 M 6.8 4.8 L 10 8 L 6.8 11.2 M 9 2 L 14 2 L 14 14 L 9 14"),
    "Parameter": Drawing(
        "M 8 1.8 C 13.4 1.8 13.4 14.2 8 14.2 C 2.6 14.2 2.6 1.8 8 1.8 M 4 8 L 12 8"
    ),
}
