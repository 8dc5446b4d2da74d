"""Which layers people wire most often: a list for the end of a wire begins with them."""

from explorer.layers import find

USUAL = (
    *("Linear", "ReLU", "Conv2d", "BatchNorm2d", "MaxPool2d", "Dropout", "LayerNorm", "Flatten"),
    *("CrossEntropyLoss", "BCEWithLogitsLoss", "MSELoss", "Add", "Tanh", "Sigmoid", "LSTM"),
)


def usual_beside(family: str) -> list[str]:
    """The usual layers beside one of that family, its own kind behind the others.

    Two linear maps in a row are one, and so it is with many a pair of one family.
    """
    return sorted(USUAL, key=lambda kind: _family(kind) == family)


def _family(kind: str) -> str:
    layer = find(kind)
    return layer.family if layer else ""
