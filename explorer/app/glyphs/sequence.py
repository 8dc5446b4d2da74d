"""What reads a sequence: a recurrent cell has a dot per gate, attention a map of who reads whom."""

from explorer.app.glyphs.drawing import Drawing

_LOOP = (
    "R 4 1.6 8.6 8.4 M 12.6 5.8 L 14.8 5.8 L 14.8 13.8 L 1.2 13.8 L 1.2 5.8 L 3.6 5.8 "
    "M 10 11.8 L 8 13.8 L 10 15.2"
)

FAMILY = Drawing(
    "R 1 6 3.6 4 R 6.2 6 3.6 4 R 11.4 6 3.6 4 M 4.6 8 L 6.2 8 M 9.8 8 L 11.4 8", pale="R 1 6 3.6 4"
)

LAYERS = {
    "RNN": Drawing(f"{_LOOP} M 6 8 C 9.4 8 7.2 3.6 10.6 3.6"),
    "GRU": Drawing(_LOOP, "O 6.6 5.8 1.4 O 10 5.8 1.4"),
    "LSTM": Drawing(_LOOP, "O 6.2 7.2 1.3 O 8.3 4.2 1.3 O 10.4 7.2 1.3"),
    "MultiheadAttention": Drawing(
        "M 4.6 1.4 L 14.6 1.4 L 14.6 11.4",
        "R 1.4 4.8 2.8 2.8 R 4.9 8.3 2.8 2.8 R 8.4 11.8 2.8 2.8",
        "",
        "R 1.4 8.3 2.8 2.8 R 1.4 11.8 2.8 2.8 R 4.9 11.8 2.8 2.8",
    ),
    "PositionalEncoding": Drawing(
        "M 1 4.2 C 3.6 0 5.4 0 8 4.2 C 10.6 8.4 12.4 8.4 15 4.2 "
        "M 1 12 C 2.4 8.6 3.2 8.6 4.5 12 C 5.8 15.4 6.6 15.4 8 12 "
        "C 9.4 8.6 10.2 8.6 11.5 12 C 12.8 15.4 13.6 15.4 15 12"
    ),
}
