"""Which signal of which part goes where."""

from functools import partial
from typing import TYPE_CHECKING

from explorer.app.command import CANVAS
from explorer.app.context_menu import show_context_menu
from explorer.app.own_blocks import forget_block
from explorer.app.what_if.question import go_on
from explorer.app.what_if.requests import Edited, EditNumber, PutBack
from explorer.app.window_layout import make_room
from explorer.graph import GraphError
from explorer.program.viewing import Address
from explorer.training import Device

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


def connect_parts(window: "MainWindow") -> None:
    """Connect everything; called once, when all parts are there."""
    _connect_document(window)
    _connect_canvas(window)
    _connect_controller(window)
    _connect_pictures(window)
    _connect_panels(window)
    _connect_over_time(window)
    _connect_heat(window)
    _connect_tensors(window)


def _connect_document(window: "MainWindow") -> None:
    document, files = window.document, window.files
    document.replaced.connect(window.show_graph)
    document.replaced.connect(window.middle.show_canvas)
    document.changed.connect(window.show_document)
    document.changed.connect(window.toast.give_way)
    files.refused.connect(partial(window.toast.tell, refused=True))
    files.told.connect(window.toast.tell)


def _connect_canvas(window: "MainWindow") -> None:
    view, palette = window.view, window.palette_panel
    view.selection_changed.connect(window.show_selection)
    view.told.connect(window.toast.tell)
    view.refused.connect(partial(window.toast.tell, refused=True))
    view.node_activated.connect(partial(_open_node, window))
    view.context_menu_requested.connect(partial(show_context_menu, window))
    palette.layer_chosen.connect(view.add_layer)
    palette.removal_requested.connect(partial(forget_block, window))
    window.scene.level_changed.connect(window.refresh_commands)
    window.scene.level_changed.connect(window.toast.give_way)


def _connect_controller(window: "MainWindow") -> None:
    controller, training = window.controller, window.training
    controller.program_changed.connect(window.show_program)
    controller.runnable_changed.connect(window.refresh_commands)
    controller.runnable_changed.connect(training.show_can_train)
    controller.runnable_changed.connect(window.stepper.show_can_step)
    controller.started.connect(training.show_started)
    controller.started.connect(window.show_started)
    controller.progressed.connect(training.show_progress)
    controller.progressed.connect(window.plots.add)
    controller.pictured.connect(window.pictures.show)
    controller.state_changed.connect(window.show_state)
    controller.stepper_moved.connect(window.show_step)
    controller.stepping_ended.connect(window.end_stepping)
    controller.verify_told.connect(window.verify.hear)
    controller.autograd_recorded.connect(window.code.show_recorded)
    controller.devices_found.connect(partial(_show_devices, window))
    controller.message.connect(window.toast.tell)
    controller.refused.connect(partial(window.toast.tell, refused=True))


def _connect_pictures(window: "MainWindow") -> None:
    action = window.actions_by_name["live_pictures"]
    window.pictures.wanted.connect(window.controller.take_pictures)
    action.toggled.connect(window.pictures.turn)
    action.toggled.connect(partial(window.settings.setValue, "live_pictures"))


def _connect_panels(window: "MainWindow") -> None:
    controller, training, stepper = window.controller, window.training, window.stepper
    training.train_requested.connect(partial(go_on, window, controller.train_or_pause))
    training.pause_requested.connect(controller.train_or_pause)
    training.stop_requested.connect(controller.stop)
    training.reset_requested.connect(controller.reset)
    training.setting_changed.connect(partial(_change_training, window))
    training.device_changed.connect(controller.use_device)
    training.pace_changed.connect(controller.set_pace)
    stepper.asked.connect(partial(_do_command, window))
    stepper.position_requested.connect(controller.go_to)
    window.code.call_chosen.connect(partial(_run_to_call, window))
    window.code.node_chosen.connect(partial(_select_node, window))
    window.code.run_requested.connect(controller.run_to_node)
    window.code.page_wanted.connect(controller.catch_up)
    window.code.recording_requested.connect(partial(_record_autograd, window))
    window.explain.call_chosen.connect(partial(_run_to_call, window))
    window.explain.asked.connect(controller.explain)
    window.explain.entries_used.connect(window.values.light)
    window.values.element_chosen.connect(window.explain.explain)
    controller.explained.connect(window.explain.show_answer)
    window.inspector.group_page.asked.connect(partial(_do_command, window))
    window.inspector.group_page.node_chosen.connect(partial(_show_node, window))
    window.breakpoints.node_chosen.connect(partial(_show_node, window))
    controller.breakpoints.changed.connect(window.refresh_commands)
    window.verify.asked.connect(controller.verify)
    window.verify.stop_asked.connect(controller.stop_verifying)
    window.verify.node_chosen.connect(partial(_show_node, window))
    window.verify.shown.connect(window.verdicts.show)
    window.problems.node_chosen.connect(partial(_show_node, window))


def _connect_heat(window: "MainWindow") -> None:
    controller, heat = window.controller, window.heat
    heat.layers_wanted.connect(partial(controller.measure_layers, CANVAS))
    heat.costs_wanted.connect(controller.measure_costs)
    heat.chosen.connect(window.refresh_commands)
    controller.measured.connect(heat.show_measured)
    controller.profiling.connect(heat.show_profiling)
    controller.profiled.connect(heat.show_profile)
    controller.costs_refused.connect(heat.give_up)
    controller.started.connect(heat.want_costs)
    controller.stepper_moved.connect(heat.want_costs)
    window.training.device_changed.connect(heat.measure_again)


def _connect_over_time(window: "MainWindow") -> None:
    controller, over_time = window.controller, window.over_time
    over_time.wanted.connect(partial(controller.measure_layers, "Over time"))
    over_time.keep_requested.connect(controller.keep_steps)
    over_time.moment_shown.connect(window.plots.show_kept)
    controller.measured.connect(over_time.add)
    controller.kept_told.connect(over_time.show_kept)
    keeping = over_time.keeping
    keeping.restore(window.settings)
    keeping.opened.connect(controller.open_moment)
    keeping.next_wanted.connect(controller.next_moment)
    keeping.refused.connect(partial(window.toast.tell, refused=True))
    keeping.changed.connect(window.refresh_commands)
    window.plots.moment_wanted.connect(keeping.choose)


def _connect_tensors(window: "MainWindow") -> None:
    controller, tensors, client = window.controller, window.tensors, window.tensor_client
    controller.tensors_told.connect(client.hear)
    client.asked.connect(controller.ask_tensors)
    controller.stepper_moved.connect(tensors.show_step)
    controller.stepping_ended.connect(tensors.refresh)
    controller.state_changed.connect(tensors.show_state)
    window.values.open_requested.connect(partial(_open_tensor, window))
    window.inspector.tensor_opened.connect(partial(_open_weight, window))
    window.explain.entries_used.connect(tensors.light)
    tensors.element_chosen.connect(window.explain.explain)
    controller.watches_told.connect(window.watch.hear)
    window.watch.asked.connect(controller.ask_watches)
    window.watch.open_requested.connect(partial(_open_tensor, window))
    window.values.watch_requested.connect(partial(_watch_tensor, window))
    tensors.names.watch_requested.connect(partial(_watch_tensor, window))
    tensors.told.connect(window.toast.tell)
    tensors.edit_requested.connect(partial(_edit_number, window))
    tensors.nudge_requested.connect(controller.what_if)
    tensors.put_back_requested.connect(partial(_put_back, window))
    window.stepper.edits_bar.put_back_wanted.connect(partial(_put_back, window))
    window.stepper.edits_bar.chosen.connect(partial(_show_edited, window))
    controller.nudged.connect(tensors.show_nudge)
    tensors.refused.connect(partial(window.toast.tell, refused=True))


def _open_tensor(window: "MainWindow", address: Address) -> None:
    """Look at a tensor; a panel that comes to the front for it is high enough, and then stays."""
    dock = window.docks["Tensors"]
    if window.tensors.visibleRegion().isEmpty():
        dock.show()
        dock.raise_()
        make_room(window, dock)
    window.tensors.open(address)


def _edit_number(
    window: "MainWindow", variable: str, index: tuple[int, ...], number: float
) -> None:
    window.controller.what_if(EditNumber(variable, index, number))


def _put_back(window: "MainWindow", edited: Edited | None) -> None:
    """Put one edit back, or all."""
    window.controller.what_if(PutBack(edited.edit if edited else None))


def _show_edited(window: "MainWindow", edited: Edited) -> None:
    _open_tensor(window, Address(edited.edit.variable))
    window.tensors.show_edited(edited)


def _watch_tensor(window: "MainWindow", address: Address, label: str = "") -> None:
    """Have a tensor among the watches, and see them."""
    window.docks["Watch"].show()
    window.raise_panel("Watch")
    window.watch.watch(address, label)


def _open_weight(window: "MainWindow", path: str) -> None:
    """Look at a weight or a buffer by its path, as soon as there is one."""
    program = window.controller.program
    variables = program.parameters | program.buffers if program else {}
    if path in variables:
        _open_tensor(window, Address(variables[path]))
    else:
        window.toast.tell(f"{path} has no numbers yet: the net cannot run as it is", refused=True)


def _do_command(window: "MainWindow", name: str) -> None:
    window.actions_by_name[name].trigger()


def _change_training(window: "MainWindow", field: str, value: object) -> None:
    try:
        window.document.graph.train_with(**{field: value})
    except GraphError as error:
        window.training.show_setting_error(field, str(error))
    else:
        window.training.show_setting_error(field, None)


def _show_devices(window: "MainWindow", devices: tuple[Device, ...]) -> None:
    window.training.show_devices(list(devices), "auto")


def _run_to_call(window: "MainWindow", index: int) -> None:
    window.controller.go_to(index + 1)


def _record_autograd(window: "MainWindow") -> None:
    window.controller.catch_up()
    page = window.code.write_now()
    if page is not None and page.way == "autograd":
        window.controller.record_autograd(page)


def _open_node(window: "MainWindow", node: str) -> None:
    window.raise_panel("Inspector")
    window.inspector.setFocus()


def _select_node(window: "MainWindow", node: str) -> None:
    """Select a node where it stands; the canvas moves only to get to it in a group."""
    graph = window.document.graph
    if graph.has(node) and graph.item(node).group == window.scene.level:
        window.view.select([node])
    else:
        _show_node(window, node)


def _show_node(window: "MainWindow", node: str) -> None:
    window.view.groups.reveal(node)
