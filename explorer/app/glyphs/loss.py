"""The loss over the error, its dot where it wants to be; or what it compares."""

from explorer.app.glyphs.drawing import Drawing

FAMILY = Drawing("O 8 8 6.3", "O 8 8 2.4")

_FLOOR = "M 1 14.6 L 15 14.6"
_KNEE = "M 1.4 2 L 4.2 8 C 6.4 13 9.6 13 11.8 8 L 14.6 2"
_BELL = "M 1 13.4 C 5.6 13.4 5 2.6 8 2.6 C 11 2.6 10.4 13.4 15 13.4"

LAYERS = {
    "MSELoss": Drawing("M 2.4 1.6 C 5 15 11 15 13.6 1.6", "O 8 11.8 1.7", _FLOOR),
    "L1Loss": Drawing("M 2 2 L 8 11.8 L 14 2", "O 8 11.6 1.7", _FLOOR),
    "SmoothL1Loss": Drawing(_KNEE, "O 8 11.6 1.6", _FLOOR),
    "HuberLoss": Drawing(
        _KNEE, "O 8 11.6 1.6", f"{_FLOOR} M 4.6 2 L 4.6 14.6 M 11.4 2 L 11.4 14.6"
    ),
    "BCELoss": Drawing(
        "M 2 1.4 C 2.4 9.4 6 12.6 14.6 13 M 14 1.4 C 13.6 9.4 10 12.6 1.4 13",
        "",
        "M 1 14.8 L 15 14.8",
    ),
    "BCEWithLogitsLoss": Drawing(
        "M 1.4 2 L 5.6 7.6 C 8 11 10 12.4 14.6 12.8 M 14.6 2 L 10.4 7.6 C 8 11 6 12.4 1.4 12.8",
        "",
        "M 8 1 L 8 15",
    ),
    "CrossEntropyLoss": Drawing(
        "R 6.2 1.6 3.6 13", "R 6.2 7 3.6 7.6", _FLOOR, "R 1.6 10 3.2 4.6 R 11.2 11.2 3.2 3.4"
    ),
    "NLLLoss": Drawing("M 3 1.4 C 3.4 9.6 6.4 12 14.6 12.4", "", "M 1.4 1.4 L 1.4 14.6 L 15 14.6"),
    "KLDivLoss": Drawing(
        "M 1 13.4 C 4.4 13.4 3.8 2.6 6.4 2.6 C 9 2.6 8.4 13.4 11.8 13.4 "
        "M 6 13.4 C 8.4 13.4 8.4 6.6 10.6 6.6 C 12.8 6.6 12.8 13.4 15 13.4",
        pale="M 1 13.4 C 4.4 13.4 3.8 2.6 6.4 2.6 C 9 2.6 8.4 13.4 11.8 13.4 Z",
    ),
    "CTCLoss": Drawing(
        "O 8 3.2 1.2",
        "O 2 3.2 1.5 O 5 3.2 1.5 O 11 3.2 1.5 O 14 3.2 1.5 O 3.5 12.8 2 O 12.5 12.8 2",
        "M 2 3.2 L 3.5 12.8 M 5 3.2 L 3.5 12.8 M 11 3.2 L 12.5 12.8 M 14 3.2 L 12.5 12.8",
    ),
    "HingeEmbeddingLoss": Drawing("M 1.6 2.4 L 9 12.2 L 14.8 12.2", "", f"{_FLOOR} M 9 2 L 9 14.6"),
    "CosineEmbeddingLoss": Drawing(
        "M 2 13.6 L 14.4 13.6 M 11.8 11.2 L 14.4 13.6 M 2 13.6 L 10.4 2.4 "
        "M 6.8 3.2 L 10.4 2.4 L 10.8 6 M 8 13.6 C 8 11.4 7 9.8 5.6 8.8"
    ),
    "TripletMarginLoss": Drawing(
        "M 3.4 12.4 L 5.8 3.8 O 13 9 1.8",
        "O 3.4 12.4 2.1 O 5.8 3.8 1.9",
        "M 3.4 12.4 L 11.4 9.4",
    ),
    "PoissonNLLLoss": Drawing(
        "M 2.2 14 L 2.2 9.4 M 5.1 14 L 5.1 3.6 M 8 14 L 8 2.4 "
        "M 10.9 14 L 10.9 6.4 M 13.8 14 L 13.8 10.6"
    ),
    "GaussianNLLLoss": Drawing(_BELL, "O 11.2 9.6 1.9", "M 8 1 L 8 15"),
}
