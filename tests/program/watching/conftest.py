"""A walk to watch, and what is read where it stands."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from explorer import Stepper
from explorer.program.viewing import Gallery
from explorer.program.watching import Names, Reading, Scope, Value, evaluate, read


@dataclass(frozen=True)
class Watcher:
    """Watches a walk wherever it stands by then."""

    stepper: Stepper

    @property
    def scope(self) -> Scope:
        session, inside = self.stepper.session, self.stepper.inside
        gallery = Gallery()
        gallery.show(session, {})
        names = Names(session.program, self.stepper.calls)
        call = inside.call if inside else self.stepper.current
        return Scope(gallery, names, call, inside.variables if inside else {})

    def value(self, expression: str) -> Value:
        return evaluate(expression, self.scope)

    def read(self, expression: str) -> Reading:
        return read(expression, self.scope)

    def error(self, expression: str) -> str:
        return self.read(expression).error


Watch = Callable[[Stepper], Watcher]


@pytest.fixture
def watch() -> Watch:
    return Watcher


@pytest.fixture
def watcher(stepper: Stepper) -> Watcher:
    """Behind the backward call of fc1, with weights (2, 8) and six rows."""
    stepper.run_to("fc1", "backward")
    return Watcher(stepper)
