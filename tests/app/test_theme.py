"""Text can be read in both themes, and heat maps mean what they show."""

from itertools import combinations

import numpy as np
import pytest

from explorer.app import theme

TEXTS = (
    "text", "text_soft", "accent", "error", "warning", "done", "current", "edited",
    "forward", "backward", "update",
    "code_keyword", "code_string", "code_number", "code_comment",
)  # fmt: skip
BACKGROUNDS = ("window", "panel", "field", "canvas", "card", "button", "hover", "selection")
THEMES = pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda t: t.name)
FAMILIES = (*theme.FAMILIES, "Weaving")
SIGHT = {
    "any": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""How colours are seen without one kind of cone, by a matrix for linear RGB: the whole anomalies of
Machado, Oliveira & Fernandes, "A physiologically-based model for simulation of color vision
deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (6), 2009."""
APART, FAR_APART = 0.06, 0.08
"""How far in Oklab colours are from each other that words or shapes tell too, and how far the
curves of one plot, which nothing else does: 0.02 is just seen side by side."""
SETS = {
    "what is right or wrong": ("done", "warning", "error"),
    "the passes": ("forward", "backward", "update"),
    "what formulas speak of": ("forward", "done", "backward"),
    "frames in a table": ("edited", "current"),
    "ports": ("port_float", "port_index", "port_unknown"),
    "heat maps": ("heat_negative", "heat_zero", "heat_positive", "heat_missing"),
    "training and validation": ("train", "validation"),
    "code": ("code_keyword", "code_string", "code_number", "code_comment", "text"),
    "families": tuple(map(str.lower, theme.FAMILIES)),
}
SEEN = pytest.mark.parametrize("sight", SIGHT)


def oklab(colour: str, sight: str) -> np.ndarray:
    """A colour as somebody sees it, in Ottosson's Oklab."""
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return to_lab @ np.cbrt(cones @ np.clip(np.array(SIGHT[sight]) @ linear, 0, 1))


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
def test_breakpoints_stand_out(colours):
    for background in (colours.card, colours.canvas, colours.panel, colours.field):
        assert theme.contrast(colours.breakpoint, background) >= 3


@THEMES
def test_ports_and_glyphs_stand_out(colours):
    for family in FAMILIES:
        hue = colours.family(family)
        assert theme.contrast(theme.readable_on(hue), hue) >= 3


@THEMES
@SEEN
@pytest.mark.parametrize("names", SETS.values(), ids=SETS)
def test_colours_that_mean_different_things_are_told_apart_by_everyone(colours, names, sight):
    assert_apart({name: getattr(colours, name) for name in names}, sight, APART)


@THEMES
@SEEN
def test_the_curves_of_one_plot_are_told_apart_by_everyone(colours, sight):
    assert len(set(colours.series)) == len(colours.series)
    assert_apart({hue: hue for hue in colours.series}, sight, FAR_APART)


@THEMES
def test_curves_and_heat_stand_out_from_their_ground(colours):
    heat = (colours.heat_negative, colours.heat_positive, colours.heat_missing)
    for hue in (*colours.series, colours.train, colours.validation, *heat):
        for ground in (colours.panel, colours.card):
            assert theme.contrast(hue, ground) >= 3


def assert_apart(named: dict[str, str], sight: str, margin: float) -> None:
    seen = {name: oklab(hue, sight) for name, hue in named.items()}
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= margin, (one, other)


@THEMES
def test_a_family_without_a_colour_of_its_own_always_gets_the_same(colours):
    assert colours.family("Weaving") == colours.family("Weaving")
    assert colours.family("Weaving") in colours.other_families


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


def test_applying_a_theme_tells_and_can_be_repeated(qapp):
    class Listener:
        seen: theme.Theme | None = None

        def look(self) -> None:
            self.seen = theme.current()

    listener = Listener()
    theme.changed.connect(listener.look)
    theme.apply(qapp, "auto")
    assert listener.seen is theme.current()
    theme.apply(qapp, "auto")
    theme.apply(qapp, theme.DARK)
    assert theme.current() is theme.DARK
    assert qapp.palette().window().color().name() == theme.DARK.window
    theme.apply(qapp, theme.LIGHT)
