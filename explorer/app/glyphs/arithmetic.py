"""Operators as they are written; where a sign says nothing, what they do to bars and lines."""

from explorer.app.glyphs.drawing import Drawing

FAMILY = Drawing(
    "M 4 1.8 L 4 6.2 M 1.8 4 L 6.2 4 M 9.8 4 L 14.2 4 "
    "M 2.4 10.4 L 5.6 13.6 M 5.6 10.4 L 2.4 13.6 M 9.8 12 L 14.2 12",
    "O 12 9.6 0.9 O 12 14.4 0.9",
)

LAYERS = {
    "Add": Drawing("M 8 2.5 L 8 13.5 M 2.5 8 L 13.5 8"),
    "Subtract": Drawing("M 2.5 8 L 13.5 8"),
    "Multiply": Drawing("M 3.6 3.6 L 12.4 12.4 M 12.4 3.6 L 3.6 12.4"),
    "Divide": Drawing("M 2.5 8 L 13.5 8", "O 8 3.6 1.5 O 8 12.4 1.5"),
    "Power": Drawing("T 1.6 3.4 10.6 a T 10.6 1.4 6.4 b"),
    "Negative": Drawing("M 1.4 9 L 5.6 9 T 7.8 1.8 10.8 x"),
    "Sqrt": Drawing("M 1.5 8.8 L 3.8 7.8 L 6.6 13.8 L 9.4 2.4 L 14.6 2.4"),
    "Abs": Drawing("M 2 2 L 2 14 M 14 2 L 14 14 M 5.4 5 L 10.6 11 M 10.6 5 L 5.4 11"),
    "Norm": Drawing(
        "M 1.4 2 L 1.4 14 M 4 2 L 4 14 M 12 2 L 12 14 M 14.6 2 L 14.6 14 "
        "M 6.2 5.6 L 9.8 10.4 M 9.8 5.6 L 6.2 10.4"
    ),
    "Maximum": Drawing("M 1.5 3 L 8 9.4 L 14.5 3", "", "M 3 14.4 L 8 9.4 L 13 14.4"),
    "Minimum": Drawing("M 1.5 13 L 8 6.6 L 14.5 13", "", "M 3 1.6 L 8 6.6 L 13 1.6"),
    "Where": Drawing("M 3 3.6 L 12.8 8", "O 3 3.6 1.9 O 3 12.4 1.9 O 13 8 1.9", "M 3 12.4 L 9 9.6"),
    "Sum": Drawing("M 12.6 4.6 L 12.6 2.4 L 3.6 2.4 L 8.6 8 L 3.6 13.6 L 12.6 13.6 L 12.6 11.4"),
    "Mean": Drawing("M 4 2.6 L 12 2.6 M 4.6 6 L 11.4 13.6 M 11.4 6 L 4.6 13.6"),
    "Max": Drawing("", "R 6.3 2 3.4 12.4", "", "R 1.5 8.4 3.4 6 R 11.1 5.4 3.4 9"),
    "Var": Drawing("T 1.4 2.4 10.6 σ T 11 0.8 5.6 2"),
    "WeightedSum": Drawing(
        "M 3 2.8 L 9.4 6.4 M 3 8 L 8.8 8 M 3 13.2 L 9.4 9.6 O 11.8 8 3 "
        "M 11.8 6.6 L 11.8 9.4 M 10.4 8 L 13.2 8",
        "O 3 2.8 2.1 O 2.6 8 1.5 O 2.4 13.2 1",
    ),
}
