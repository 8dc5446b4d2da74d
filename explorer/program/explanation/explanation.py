"""Everything that explains one element of what a call wrote, as plain data for one page."""

from dataclasses import replace

from torch import Tensor

from explorer.program.explanation.chain import Chain, chain_to
from explorer.program.explanation.computation import Computation, of_call
from explorer.program.explanation.equations import Equation, equations_of, with_numbers
from explorer.program.explanation.lights import Lit, lit_of, used
from explorer.program.explanation.local import Local, UnexplainedError, of_gradient, of_output
from explorer.program.explanation.page import Explanation, choose, written_by
from explorer.program.explanation.pictures import made_with, triptych
from explorer.program.explanation.places import Source, largest, place, ravel
from explorer.program.explanation.terms import total_of
from explorer.program.explanation.update import explain_update
from explorer.program.explanation.zero import why_zero, without_gradient
from explorer.program.flow import meeting
from explorer.program.program import Call
from explorer.program.session import Session
from explorer.program.viewing import Address

LARGEST = 20_000_000
"""On how many numbers a call may work at most for its elements to be taken apart."""


def explain(
    session: Session, call: Call, name: str | None = None, index: tuple[int, ...] | None = None
) -> Explanation:
    """Explain a call that has run.

    `name` is one of what it wrote, "dw", or the variable; by default the first. `index` is the
    element; by default the one that is largest. UnknownElementError where there is no such.
    """
    if call.phase == "update":
        return explain_update(session, call, name, index)
    c = of_call(session, call)
    written = written_by(call, c.written)
    page = Explanation(
        call=call,
        written=written,
        equations=_equations(call, c),
        meeting=meeting(session.program, call) if call.is_addition else "",
        without=() if call.is_addition else without_gradient(session.program, call, c.operands),
    )
    chosen = choose(written, name, c.written)
    if chosen is None:
        return page
    tensor = c.written[chosen.name]
    at = largest(tensor) if index is None else ravel(index, tuple(tensor.shape))
    source = Source("gradient" if c.gradients else "output", chosen.name)
    page = replace(
        page, element=place(source, tensor, at), chain=_chain(session, call, chosen.variable)
    )
    if not tensor.is_floating_point():
        return page
    try:
        local = _local(c, chosen.name, at)
    except UnexplainedError as error:
        return replace(page, refusal=str(error))
    return _with_local(page, session, c, local, at) if local.slopes else page


def _equations(call: Call, c: Computation) -> tuple[Equation, ...]:
    if not call.is_addition:
        return equations_of(c)
    return tuple(Equation(written.label, call.text, "") for written in call.writes)


def _chain(session: Session, call: Call, variable: str) -> Chain | None:
    if call.phase == "backward":
        return chain_to(session, variable)
    paths = {each: path for path, each in session.program.values.items()}
    return chain_to(session, session.program.gradients.get(paths[variable], ""))


def _local(c: Computation, name: str, at: int) -> Local:
    if c.size > LARGEST:
        raise UnexplainedError(
            f"this call works on {c.size:,} numbers, too many to take one apart: "
            "a smaller batch makes them fewer"
        )
    return of_gradient(c, name, at) if c.gradients else of_output(c, name, at)


def _with_local(
    page: Explanation, session: Session, c: Computation, local: Local, at: int
) -> Explanation:
    """The page with all that follows from the element's local gradient."""
    assert page.element is not None
    source, call = page.element.source, page.call
    lights = used(c, local, source.name, at)
    arriving = local.source
    return replace(
        page,
        in_numbers=with_numbers(c, source.name, page.element.index),
        total=total_of(c, local, source, at),
        triptych=triptych(c, local, source, at) if c.gradients else None,
        made_with=made_with(c, lights, besides=arriving if c.gradients else ""),
        lit=_lit(call, lights),
        zero=why_zero(session, call, c, local, source.name, at),
    )


def _lit(call: Call, lights: dict[Source, Tensor]) -> tuple[Lit, ...]:
    """What the lights stand on, as the call names it; what it does not read is left out."""
    found = []
    operands = (*call.reads, *call.writes)
    for source, mask in lights.items():
        wanted = "cache" if source.where == "cache" else source.name
        variable = next((o.variable for o in operands if o.label == wanted), None)
        if variable is not None:
            part = source.name if wanted == "cache" else ""
            found.append(lit_of(Address(variable, part), mask))
    return tuple(found)
