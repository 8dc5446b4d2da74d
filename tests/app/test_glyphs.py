"""Every layer has a drawing of its own kind, that fits its box and is seen in both themes."""

from typing import ClassVar

import pytest
import torch
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from torch import Tensor

from explorer.app import glyphs, theme
from explorer.app.glyphs.curves import PLOTS, curve
from explorer.app.glyphs.drawing import BOX, Drawing, glyph_of, path_of
from explorer.layers import Layer, catalogue, find

ROOMS = glyphs._FAMILIES
DRAWN = {
    f"{family}.{name}": drawing
    for family, room in ROOMS.items()
    for name, drawing in (("FAMILY", room.FAMILY), *room.LAYERS.items())
}


def painted(kind: str, family: str, colours: theme.Theme = theme.LIGHT) -> QImage:
    image = QImage(32, 32, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    glyphs.paint_tile(painter, QRectF(0, 0, 32, 32), kind, family, colours.family(family))
    painter.end()
    return image


def assert_fits(drawn: glyphs.Glyph) -> None:
    margin = glyphs.STROKE / 2
    stroked = [drawn.lines, drawn.pale_lines]
    boxes = [path.boundingRect() for path in (drawn.solid, drawn.pale) if not path.isEmpty()]
    boxes += [
        path.boundingRect().adjusted(-margin, -margin, margin, margin)
        for path in stroked
        if not path.isEmpty()
    ]
    assert boxes
    assert all(QRectF(0, 0, BOX, BOX).contains(box) for box in boxes)


@pytest.mark.parametrize("drawing", DRAWN.values(), ids=DRAWN)
def test_every_drawing_can_be_read_and_fits(drawing):
    assert_fits(glyph_of(drawing))


def test_every_layer_of_the_catalogue_has_a_glyph_that_fits():
    for name, layer in catalogue().items():
        assert_fits(glyphs.glyph(name, layer.family))


def test_the_members_of_a_family_are_told_apart(qapp):
    families: dict[str, list[str]] = {}
    for name, layer in catalogue().items():
        families.setdefault(layer.family, []).append(name)
    for family, names in families.items():
        pictures = {bytes(painted(name, family).constBits()) for name in names}
        assert len(pictures) > len(names) / 2, family


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda t: t.name)
def test_a_drawing_is_seen_on_its_tile(qapp, colours):
    for name, layer in catalogue().items():
        image = painted(name, layer.family, colours)
        ground = colours.family(layer.family)
        ink = QColor(theme.readable_on(ground)).name()
        seen = {image.pixelColor(x, y).name() for x in range(32) for y in range(32)}
        assert any(theme.contrast(colour, ground) >= 3 for colour in seen), name
        assert min(theme.contrast(colour, ink) for colour in seen) < 1.2, name


def test_an_activation_is_drawn_as_its_own_curve():
    sigmoid, tanh, relu = (curve(find(name)) for name in ("Sigmoid", "Tanh", "ReLU"))
    assert sigmoid.lines != tanh.lines
    corner = relu.lines.pointAtPercent(0).y()
    assert relu.lines.boundingRect().bottom() == pytest.approx(corner)
    assert sigmoid.pale_lines.boundingRect().bottom() > tanh.pale_lines.elementAt(0).y


@pytest.mark.parametrize("kind", [kind for kind in PLOTS if find(kind)])
def test_a_curve_that_is_tuned_is_drawn(kind):
    assert curve(find(kind)) is not None


def test_a_new_activation_draws_itself_and_a_new_layer_gets_its_familys_drawing(own_layers):
    class Wobble(Layer):
        """A sine that grows."""

        family: ClassVar[str] = "Activation"

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple]:
            return x * torch.sin(x), ()

    class Share(Layer):
        """Shares among all."""

        family: ClassVar[str] = "Activation"

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple]:
            return x / x.abs().sum(), ()

    class Broken(Layer):
        """Never runs."""

        family: ClassVar[str] = "Activation"

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple]:
            raise RuntimeError("out of order")

    wobble = glyphs.glyph("Wobble", "Activation")
    assert_fits(wobble)
    family = glyph_of(ROOMS["Activation"].FAMILY)
    assert wobble is not family
    assert glyphs.glyph("Share", "Activation") is family
    assert glyphs.glyph("Broken", "Activation") is family
    assert glyphs.glyph("Nobody", "Loss") is glyph_of(ROOMS["Loss"].FAMILY)
    assert_fits(glyphs.glyph("Nobody", "Weaving"))


def test_a_curve_leaves_random_numbers_and_gradients_alone():
    curve.cache_clear()
    torch.manual_seed(3)
    before = torch.get_rng_state()
    for name, layer in catalogue().items():
        glyphs.glyph(name, layer.family)
    assert torch.equal(torch.get_rng_state(), before)


def test_icons_are_sharp_on_every_screen(qapp):
    icon = glyphs.layer_icon("Linear", 20)
    for sharpness in (1, 2, 3):
        pixmap = icon.pixmap(icon.availableSizes()[0], sharpness)
        assert pixmap.width() == 20 * sharpness


def test_a_drawing_that_cannot_be_read_says_why():
    with pytest.raises(ValueError, match="L takes 2 numbers at a time, not 3"):
        path_of("M 1 1 L 2 2 3")
    assert glyph_of(Drawing()).lines.isEmpty()
