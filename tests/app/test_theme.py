"""Text can be read in both themes, and heat maps mean what they show."""

import numpy as np
import pytest

from explorer.app import theme

TEXTS = (
    "text", "text_soft", "accent", "error", "warning", "done", "current", "forward", "backward",
    "code_keyword", "code_string", "code_number", "code_comment",
)  # fmt: skip
BACKGROUNDS = ("window", "panel", "field", "canvas", "card", "button", "hover", "selection")
THEMES = pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda t: t.name)
FAMILIES = ("Source", "Linear", "Activation", "Arithmetic", "Shaping", "Loss", "Convolution")


@THEMES
@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_passes_wcag_aa(colours, text, background):
    ratio = theme.contrast(getattr(colours, text), getattr(colours, background))
    assert ratio >= 4.5


@THEMES
def test_text_on_tinted_cards_and_on_the_accent_passes_too(colours):
    tints = [theme.mix(colours.card, colours.family(family), 0.16) for family in FAMILIES]
    tints += [theme.mix(colours.card, hue, 0.16) for hue in (colours.forward, colours.backward)]
    for tint in tints:
        assert theme.contrast(colours.text, tint) >= 4.5
        assert theme.contrast(colours.text_soft, tint) >= 4.5
    assert theme.contrast(colours.on_accent, colours.accent) >= 4.5


@THEMES
def test_ports_and_glyphs_stand_out(colours):
    for family in FAMILIES:
        hue = colours.family(family)
        assert theme.contrast(theme.readable_on(hue), hue) >= 3


def test_a_family_without_a_colour_of_its_own_always_gets_the_same():
    assert theme.LIGHT.family("Recurrent") == theme.LIGHT.family("Recurrent")
    assert theme.LIGHT.family("Recurrent") in theme.LIGHT.other_families


def test_a_diverging_map_is_centred_on_zero():
    values = np.array([[-1.0, 0.0, 1.0], [-9.0, np.nan, 9.0]])
    colours = theme.diverging(values, theme.LIGHT)
    assert colours.shape == (2, 3, 4)
    assert colours.dtype == np.uint8
    assert tuple(colours[0, 1]) == (255, 255, 255, 255)
    assert (colours[0, 0] == colours[1, 0]).all()
    assert (colours[0, 2] == colours[1, 2]).all()
    assert colours[0, 0, 2] > colours[0, 0, 0]
    assert colours[0, 2, 0] > colours[0, 2, 2]
    assert not (colours[1, 1] == colours[0, 1]).all()


def test_applying_a_theme_tells_and_can_be_repeated(qapp, qtbot):
    with qtbot.waitSignal(theme.notifier.changed):
        theme.apply(qapp, "auto")
    theme.apply(qapp, "auto")
    theme.apply(qapp, theme.DARK)
    assert theme.current() is theme.DARK
    assert qapp.palette().window().color().name() == theme.DARK.window
    theme.apply(qapp, theme.LIGHT)
