"""Losses, on predictions and targets of the kinds that they take."""

from tests.layers.cases.inputs import ROWS, classes, numbers, shares

CASES = {
    "MSELoss": [
        ({}, {"y_hat": numbers(ROWS, 6), "y": 2 * numbers(ROWS, 6)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 3), "y": numbers(ROWS, 3)[:, [2, 0, 1]]}),
        ({}, {"y_hat": numbers(ROWS, 2, 3), "y": shares(ROWS, 2, 3)}),
    ],
    "BCELoss": [
        ({}, {"y_hat": shares(ROWS, 3), "y": shares(1, ROWS, 3)[0]}),
        ({"reduction": "sum"}, {"y_hat": shares(ROWS, 1), "y": shares(ROWS, 1).round()}),
    ],
    "BCEWithLogitsLoss": [
        ({}, {"y_hat": numbers(ROWS, 3), "y": shares(ROWS, 3)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 1), "y": shares(ROWS, 1)}),
    ],
    "CrossEntropyLoss": [
        ({}, {"y_hat": numbers(ROWS, 4), "y": classes(4, ROWS)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 4), "y": classes(4, ROWS)}),
        ({}, {"y_hat": numbers(ROWS, 4, 3), "y": classes(4, ROWS, 3)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 4, 2, 3), "y": classes(4, ROWS, 2, 3)}),
    ],
}
