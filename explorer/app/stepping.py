"""What the commands that step do, and when they can be used."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from explorer.app import keys
from explorer.app.what_if.question import go_on
from explorer.app.what_if.requests import PutBack
from explorer.graph.grouping import nodes_of

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow

_RUNNABLE = (
    *("step", "step_into", "run_to_node", "to_loss", "to_end", "restart", "next_batch"),
    *("play", "play_faster", "play_slower"),
)
_AT_THE_END = "All calls have run: go on with the next batch {next_batch}"
_WHILE_STEPPING = ("step_out", "step_back", "leave_stepper")

Usable = dict[str, tuple[bool, str]]
"""By command, whether it can be used, and if not, why."""


class Stepping:
    """Walks as the canvas shows the net: a group that is folded to one card is one step."""

    def __init__(self, window: "MainWindow"):
        self._window = window
        controller = window.controller
        self.answers: dict[str, Callable[[], object]] = {
            "step": lambda: self._forward(lambda: controller.step(self._cards())),
            "step_into": lambda: self._forward(controller.step_into),
            "step_out": lambda: controller.step_out(self._cards()),
            "step_back": lambda: controller.step_back(self._cards()),
            "run_to_node": self._run_to_node,
            "to_loss": controller.run_to_loss,
            "to_end": controller.run_to_end,
            "play": lambda: self._forward(window.stepper.player.turn),
            "play_faster": lambda: self._change_speed(1),
            "play_slower": lambda: self._change_speed(-1),
            "restart": controller.restart,
            "next_batch": partial(go_on, window, controller.next_batch),
            "put_last_back": window.tensors.put_last_back,
            "put_all_back": partial(controller.what_if, PutBack()),
            "leave_stepper": controller.leave_stepper,
            "breakpoint": self._toggle_breakpoints,
            "clear_breakpoints": controller.breakpoints.clear,
        }

    @property
    def usable(self) -> Usable:
        controller = self._window.controller
        runnable = controller.program is not None, controller.reason
        stepping = controller.is_stepping, "Nothing is stepped through"
        edited = bool(controller.edits.all), "No number is edited"
        return {
            **dict.fromkeys(_RUNNABLE, runnable),
            **dict.fromkeys(_WHILE_STEPPING, stepping),
            **dict.fromkeys(("put_last_back", "put_all_back"), edited),
            "clear_breakpoints": (bool(controller.breakpoints.all), "There is no breakpoint"),
        }

    def _forward(self, go: Callable[[], object]) -> None:
        """Go on, or say what can be done where no call is left to run."""
        if self._window.stepper.is_at_end:
            self._window.toast.tell(keys.named_in(_AT_THE_END))
        else:
            go()

    def _cards(self) -> dict[str, str]:
        """By node the group whose card stands for it on the canvas; no node that has its own."""
        scene = self._window.scene
        shown = ((id, scene.shown_as(id)) for id in scene.graph.nodes)
        return {id: card for id, card in shown if card is not None and card != id}

    def _run_to_node(self) -> None:
        window = self._window
        chosen = window.view.selected()
        nodes = nodes_of(window.document.graph, chosen)
        if len(chosen) == 1 and nodes:
            window.controller.run_to_node(nodes[-1])
        else:
            window.toast.tell("Select one node to run to", refused=True)

    def _change_speed(self, by: int) -> None:
        player = self._window.stepper.player
        player.change_speed(by)
        self._window.toast.tell(f"Play goes at {player.speed}")

    def _toggle_breakpoints(self) -> None:
        """On the call where the list of calls, or the code, has the keyboard, else on nodes."""
        window = self._window
        if window.stepper.toggle_breakpoint() or window.code.toggle_breakpoint():
            return
        chosen = nodes_of(window.document.graph, window.view.selected())
        if not chosen:
            window.toast.tell("Select a node to stop at", refused=True)
        window.controller.breakpoints.toggle(chosen)
