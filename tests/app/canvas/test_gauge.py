"""What the gauge below a card says of its gradient."""

from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QBuffer, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from explorer.app.canvas.pictures.gauge import paint_gauge
from explorer.app.canvas.pictures.layout import lay_out
from explorer.app.canvas.pictures.tips import tip
from explorer.training.pictures import NodePicture, Number
from explorer.training.pictures.gauges import Gauge


def written(gauge: Gauge) -> str:
    """The letters that are painted, from left to right; a run of them for each font in use."""
    page, sheet = QBuffer(), QSvgGenerator()
    sheet.setOutputDevice(page)
    sheet.setViewBox(QRect(0, 0, 150, 20))
    painter = QPainter(sheet)
    paint_gauge(painter, QRectF(5, 5, 140, 10), gauge, with_words=True)
    painter.end()
    texts = ElementTree.fromstring(page.data().data()).iter("{http://www.w3.org/2000/svg}text")
    runs = sorted(texts, key=lambda each: float(each.get("x")))
    return "".join(each.text.strip() for each in runs)


@pytest.mark.parametrize(("norm", "word"), [(float("nan"), "NaN"), (float("inf"), "∞")])
def test_a_norm_that_is_no_number_is_told_as_that_not_as_exploding(qapp, norm, word):
    gauge = Gauge(norm, "weights", "exploding")
    assert written(gauge) == word
    pictured = NodePicture("out", Number(1.0), gauge)
    layout = lay_out(pictured, 200.0)
    assert layout is not None
    said = tip(pictured, layout, QPointF())
    assert f"‖dθ‖ = {word}. A breakpoint on NaN or infinite" in said
    assert "exploding" not in said


@pytest.mark.parametrize(
    ("gauge", "name", "norm"),
    [
        (Gauge(0.34, "weights"), "‖dθ‖", "0.34"),
        (Gauge(0.17, "output"), "‖dout‖", "0.17"),
    ],
)
def test_it_names_what_its_norm_is_of(qapp, gauge, name, norm):
    assert written(gauge) == name + norm
    pictured = NodePicture("out", Number(1.0), gauge)
    layout = lay_out(pictured, 200.0)
    assert layout is not None
    assert f"{name} = {norm}" in tip(pictured, layout, QPointF())
