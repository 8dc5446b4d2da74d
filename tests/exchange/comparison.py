"""What a page computes, beside what the program computes."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.testing import assert_close

import explorer
from explorer import Graph
from explorer.exchange import module, pages
from explorer.exchange.page import Page, Way
from explorer.program import Program, Session
from explorer.program.verify import example_batch

Batch = Mapping[str, Tensor]
Outcome = tuple[Tensor, dict[str, Tensor]]


def executed(page: Page) -> dict[str, Any]:
    """The page as one imports it: its functions, and nothing trained."""
    namespace: dict[str, Any] = {"__name__": "a_page"}
    exec(compile(page.text, f"<{page.name} {page.way}>", "exec"), namespace)
    return namespace


def assert_computes_the_same(
    graph: Graph, way: Way, program: Program | None = None, page: Page | None = None
) -> Page:
    """Loss and gradients of a page are those of the program, in float64; the page."""
    program = program or explorer.compile(graph)
    page = page or pages.page(graph, program, way)
    session = program.start(dtype=torch.float64, seed=1)
    # What is dropped at random differs: it is left out on both sides.
    session.training = "seed" not in program.modes
    batch = {path: session.fed(path, v) for path, v in example_batch(graph, program, 1).items()}
    loss = session.forward(batch)
    gradients = session.backward()

    found, theirs = _computed(graph, page, session, batch)

    assert_close(found, loss, rtol=1e-10, atol=1e-12)
    assert theirs.keys() == gradients.keys()
    for path, gradient in gradients.items():
        assert_close(theirs[path], gradient, rtol=1e-7, atol=1e-11)
    return page


def _computed(graph: Graph, page: Page, session: Session, batch: Batch) -> Outcome:
    program, functions = session.program, executed(page)
    if page.way == "module":
        return _by_module(graph, functions, session, batch)
    fed = [list(batch.values())] if program.feeds else []
    told = {"training": session.training} if program.modes else {}
    parameters = {path: p.clone() for path, p in session.parameters.items()}
    kept = [{path: b.clone() for path, b in session.buffers.items()}] * bool(program.buffers)
    if page.way == "naive":
        return functions["loss_and_gradients"](*fed, parameters, *kept, **told)
    for path, parameter in parameters.items():
        parameter.requires_grad_(path in program.gradients)
    loss = functions["forward"](*fed, parameters, *kept, **told)
    loss.backward()
    return loss.detach(), {path: p.grad for path, p in parameters.items() if p.requires_grad}


def _by_module(graph: Graph, page: dict[str, Any], session: Session, batch: Batch) -> Outcome:
    program = session.program
    net = page["Net"]().double().train(session.training)
    net.load_state_dict(module.state_dict(graph, program, session.state))
    code = net.forward.__code__
    takes = code.co_varnames[1 : code.co_argcount]
    loss = net(*(value for path, value in batch.items() if program.values[path] in takes))
    if "criterion" in page:
        y = next(v for path, v in batch.items() if program.values[path] == program.compared[1])
        loss = page["criterion"].double()(loss, y)
    loss.backward()
    own = dict(net.named_parameters())
    found: dict[str, Tensor] = {}
    for path in session.parameters:
        ((name, laid),) = module.state_dict(graph, program, {path: torch.empty(2, 3)}).items()
        gradient = own[name].grad
        if gradient is not None:
            found[path] = gradient.t() if laid.shape == (3, 2) else gradient
    return loss.detach(), found
