"""What a page says, as HTML: the formulas, the sum, the chain, and why something is zero."""

from html import escape

from explorer.app.explain import ink
from explorer.app.explain.ink import Ink
from explorer.app.panels.numbers import percent, plural
from explorer.program.explanation import Chain, Equation, Explanation, Place, Term, Total

DOT = " · "
_MINUS_ONE = ink.number(-1.0)


def formulas(equations: tuple[Equation, ...], name: str, palette: Ink) -> str:
    """The formula for what is explained with this call's shapes, and below it the others."""
    first = [each for each in equations if each.name == name]
    others = [each for each in equations if each.name != name]
    rows = [_formula(each, palette, loud=True) for each in first]
    rows += [_formula(each, palette, loud=not first) for each in others]
    return "".join(rows)


def _formula(equation: Equation, palette: Ink, loud: bool) -> str:
    size = 10.5 if loud else 9.0
    row = ink.code(palette.formula(equation.formula), size)
    if loud and equation.shaped and equation.shaped != equation.formula:
        row += "<br>" + ink.code(escape(equation.shaped), 8.5, soft=True)
    return f"<p style='margin:0 0 5px 0'>{row}</p>"


def sentence_of(explanation: Explanation, palette: Ink) -> str:
    """dw[3, 5] = Σₙ x[n, 3] · dout[n, 5] = −0.0796."""
    element, total = explanation.element, explanation.total
    assert element is not None
    parts = [palette.formula(element.text)]
    if explanation.in_numbers:
        parts.append(palette.formula(explanation.in_numbers))
    elif total is not None and total.is_sum and total.count == 1:
        names, numbers = _product(total.terms[0], palette)
        parts += [names, numbers] if numbers else [names]
    elif total is not None and total.pattern:
        parts.append(palette.formula(total.pattern))
    parts.append(f"<b>{ink.number(element.value)}</b>")
    told = ink.code("<br>&nbsp;&nbsp;= ".join(parts), 10.5)
    is_one = total is not None and total.count == 1 and not explanation.in_numbers
    depends = total.terms[0].depends if total is not None and is_one else ()
    return told + "".join(f"<br>{_slope_from(each, palette)}" for each in depends)


def terms(total: Total, palette: Ink) -> str:
    """The terms, largest first: what is multiplied, its numbers, what comes of it."""
    if total.is_sum and total.count < 2:
        return ""
    rows = [
        _term(term, palette) if total.is_sum else _reading(term, palette) for term in total.terms
    ]
    told = f"<table cellspacing='0' cellpadding='2' width='100%'>{''.join(rows)}</table>"
    has_slopes = not total.is_sum or any(
        name == "slope" for t in total.terms for name, _ in t.product
    )
    return f"{ink.soft(_slopes_of(total))}{told}" if has_slopes else told


def _slopes_of(total: Total) -> str:
    """What the word slope means in these terms."""
    element, entry = total.element, total.terms[0].entry
    if entry.source.where == "operand":
        return f"slope: how much {element.text} changes with that number"
    given, own = entry.source.name[1:], element.text[1:]
    return f"slope: how much {given} in that place changes with {own}"


def rest(total: Total) -> str:
    """What is not told one by one."""
    if not total.is_sum:
        return f"and {plural(total.more, 'more number')}" if total.more else ""
    if total.count == 1:
        return ""
    if total.idle == total.count > 1:
        return f"All of its {total.count:,} terms are 0"
    said = []
    if total.more:
        said.append(f"+ {plural(total.more, 'more term')} that add up to {ink.number(total.rest)}")
    if total.idle:
        said.append(f"{total.idle:,} of the {total.count:,} terms are 0")
    return ". ".join(said)


def _product(term: Term, palette: Ink) -> tuple[str, str]:
    """A term as its names, and as its numbers: x[1, 3] · dout[1, 5] and 0.9 · (−0.03).

    The numbers of a term that is one alone are "": it is what the term comes to.
    """
    product = [(name, v) for name, v in term.product if name or ink.number(v) != _MINUS_ONE]
    sign = "−" * (len(term.product) - len(product))
    numbers = [ink.factor(value) for _, value in product]
    names = [palette.formula(name) or ink.factor(value) for name, value in product]
    return sign + DOT.join(names), sign + DOT.join(numbers) if len(numbers) > 1 else ""


def _term(term: Term, palette: Ink) -> str:
    names, numbers = _product(term, palette)
    came = "".join(f"<br>{_slope_from(each, palette)}" for each in term.depends)
    return _row(names, numbers + came, ink.number(term.value))


def _slope_from(place: Place, palette: Ink) -> str:
    told = f"{palette.formula(place.text)} = {ink.number(place.value)}"
    return f"{ink.soft('slope from ')}{ink.code(told, 8.5)}"


def _reading(term: Term, palette: Ink) -> str:
    name, value = palette.formula(term.entry.text), ink.number(term.entry.value)
    return _row(f"{name} = {value}", "", f"slope {ink.number(term.slope)}")


def _row(names: str, numbers: str, value: str) -> str:
    below = f"<br>{ink.code(numbers, 8.5, soft=True)}" if numbers else ""
    told = ink.code(value, 9)
    return f"<tr><td>{ink.code(names, 9)}{below}</td><td align='right'>{told}</td></tr>"


def chain(found: Chain) -> str:
    """The product over each path, or how many paths there are."""
    if not found.products:
        what = f"Its share through {found.through}" if found.through else "The gradient"
        return ink.soft(f"{what} arrives over {found.paths:,} paths, which add up.")
    target = found.symbol
    rows = []
    for number, product in enumerate(found.products):
        sign = "= " if not number else "+ "
        rows.append(ink.code(f"{sign}{escape(ink.breakable(product))}", 9))
    if len(rows) == 1 and found.products[0] == target:
        return rows[0].replace("= ", "", 1)
    return f"{ink.code(escape(ink.breakable(target)), 9)}<br>{'<br>'.join(rows)}"


def shares(explanation: Explanation) -> str:
    """How much of what was written, and of what arrived, is 0; "" for nothing of it."""
    zero, element = explanation.zero, explanation.element
    assert zero is not None
    assert element is not None
    found = [(zero.share, element.source.name), (zero.share_arriving or 0.0, "what arrives")]
    said = [f"{_share(share)} of {what}" for share, what in found if share]
    return f"{' and '.join(said)} {'are' if len(said) > 1 else 'is'} 0." if said else ""


def _share(share: float) -> str:
    return "All" if share == 1 else percent(share)
