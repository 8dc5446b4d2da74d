"""Paints the cards of the canvas by a quantity, and keeps them so as it is measured anew."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from math import isfinite

from PySide6.QtCore import QObject, Signal, Slot

from explorer.app.canvas.heat.heat import (
    COSTS,
    KINDS,
    MEASURED,
    HeatKind,
    Kind,
    Scale,
    of_costs,
    of_layers,
)
from explorer.app.canvas.heat.legend import HeatLegend
from explorer.app.canvas.heat.warmth import Heat
from explorer.app.canvas.view import GraphView
from explorer.app.panels.numbers import brief, plural
from explorer.graph.grouping import contents
from explorer.training import Measured
from explorer.training.profiling import Profile, Profiling


class HeatShow(QObject):
    """Shows one quantity at a time on the cards, with a legend; none at first.

    Signals:
        chosen: another quantity is shown.
        layers_wanted(bool): layers are to be measured over and over, or no longer for this.
        costs_wanted(bool): what calls cost is to be measured, or no longer.
    """

    chosen = Signal()
    layers_wanted = Signal(bool)
    costs_wanted = Signal(bool)

    def __init__(self, view: GraphView):
        super().__init__(view)
        self._scene = view.graph_scene
        self.kind: HeatKind = "off"
        self._measured: Measured | None = None
        self._profile: Profile | None = None
        self._has_asked = False
        self._profiling: Profiling | None = None
        self._legend = HeatLegend(view)
        view.given_up.connect(self.give_up)
        self._scene.refreshed.connect(self._paint)

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What each command does, by its name."""
        kinds: list[HeatKind] = ["off", *KINDS]
        one = {f"heat_{kind}": partial(self.choose, kind) for kind in kinds}
        return {"next_heat": self.choose_next, **one}

    def choose(self, kind: HeatKind) -> None:
        """Show this quantity from now on, measured at once."""
        self.kind = kind
        self.layers_wanted.emit(kind in MEASURED)
        if kind not in COSTS:
            self._leave_costs()
        self.want_costs()
        self._paint()
        self.chosen.emit()

    def choose_next(self) -> None:
        """Show the next quantity; behind the last of them none."""
        kinds: list[HeatKind] = ["off", *KINDS]
        self.choose(kinds[(kinds.index(self.kind) + 1) % len(kinds)])

    @Slot()
    def want_costs(self) -> None:
        """Have measured what calls cost, where that is shown and not known."""
        if self.kind in COSTS and self._profile is None and not self._has_asked:
            self._has_asked = True
            self.costs_wanted.emit(True)

    def _leave_costs(self) -> None:
        """Have them measured no longer, if they are."""
        if self._has_asked:
            self._has_asked, self._profiling = False, None
            self.costs_wanted.emit(False)

    @Slot()
    def give_up(self) -> None:
        """Wait for no measurement any longer."""
        if self._has_asked:
            self.choose("off")

    @Slot(object)
    def show_measured(self, measured: Measured) -> None:
        """Take over what was measured of the layers."""
        self._measured = measured
        if self.kind in MEASURED:
            self._paint()

    @Slot(object)
    def show_profiling(self, profiling: Profiling) -> None:
        """Tell how far it is measured what calls cost."""
        if self._has_asked:
            self._profiling = profiling
            self._explain({}, None)

    @Slot(object)
    def show_profile(self, profile: Profile) -> None:
        """Take over what calls cost."""
        self._profile, self._has_asked, self._profiling = profile, False, None
        self._paint()

    @Slot()
    def clear(self) -> None:
        """Forget what was measured: it is of another net, or of weights that are gone."""
        self._measured = self._profile = self._profiling = None
        self._has_asked = False
        self._paint()

    @Slot()
    def measure_again(self) -> None:
        """Another device takes other times."""
        self._profile, self._has_asked, self._profiling = None, False, None
        self.want_costs()
        self._paint()

    def _values(self) -> dict[str, float]:
        if self.kind in MEASURED:
            return of_layers(self.kind, self._measured.nodes) if self._measured else {}
        return of_costs(self.kind, self._profile.nodes) if self._profile else {}

    @Slot()
    def _paint(self) -> None:
        if self.kind == "off":
            for item in self._scene.nodes.values():
                item.show_heat(None)
            self._legend.hide()
            return
        kind, values = KINDS[self.kind], self._values()
        scale = Scale.of(kind, values.values()) if values else None
        for id, item in self._scene.nodes.items():
            item.show_heat(_heat(kind, scale, values, contents(self._scene.graph, id)))
        self._explain(values, scale)

    def _explain(self, values: Mapping[str, float], scale: Scale | None) -> None:
        if self.kind != "off":
            remark = " ".join(self._remarks(bool(values)))
            broken = _brokenness(values.values())
            unknown = _why_unknown(KINDS[self.kind], values)
            self._legend.show_scale(KINDS[self.kind], scale, remark, broken, unknown)

    def _remarks(self, is_measured: bool) -> Iterable[str]:
        """How it was measured, in a few words, or how it comes to be."""
        if not is_measured and self._profiling:
            done, total = self._profiling.done, self._profiling.total
            yield f"Measuring: {done:,} of {total:,} calls. Esc stops it"
        elif not is_measured:
            yield "Not measured yet: train {train} or step {step}"
        elif self.kind in MEASURED and self._measured:
            edits = self._measured.edits
            edited = f", with {plural(edits, 'edited number')}" if edits else ""
            yield f"At step {self._measured.step + 1:,}{edited}."
        elif self._profile:
            count, rows = self._profile.passes, self._profile.rows
            passes = f"Median of {count} passes" if count > 1 else "One pass"
            left_out = self._profile.left_out
            without = f", without {plural(left_out, 'edited number')}" if left_out else ""
            yield f"{passes} on {plural(rows, 'row')}{without}."


def _brokenness(values: Iterable[float]) -> str:
    """At how many nodes the number is none, "" at none."""
    count = sum(not isfinite(value) for value in values)
    return f"NaN or infinite at {plural(count, 'node')}" if count else ""


def _why_unknown(kind: Kind, values: Mapping[str, float]) -> str:
    """Why a node has no such number, where these have one."""
    return kind.unknown if values else "it is not measured yet"


def _heat(
    kind: Kind, scale: Scale | None, values: Mapping[str, float], nodes: Iterable[str]
) -> Heat:
    """What a card shows of these nodes: all that a group has, or one."""
    known = [values[id] for id in nodes if id in values]
    if not known:
        return Heat(None, "–", f"{kind.name} unknown: {_why_unknown(kind, values)}")
    broken = [value for value in known if not isfinite(value)]
    value = broken[0] if broken else kind.whole(known)
    words = brief(value) if broken else kind.words(value)
    share = None if broken else scale.share(value) if scale else 0.0
    return Heat(share, words, f"{kind.name}: {words}. {kind.meaning}", bool(broken))
