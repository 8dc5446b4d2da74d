"""Verify: one click checks every gradient, paints the cards, and names who is wrong."""

import pytest

from explorer import layers
from explorer.training import TrainingError


@pytest.fixture
def person(person, residual):
    person.window.document._replace(residual, None, "residual")
    person.window.view.setFocus()
    return person


def verified(person, words: str) -> None:
    person.waits_until(lambda: words in person.reads(person.window.verify))


def shown(person) -> dict[str, str | None]:
    verdicts = person.window.verdicts
    return {id: verdicts.of(id) for id in person.window.scene.nodes}


@pytest.fixture
def wrong_relu(monkeypatch):
    def wrong(dout, cache):
        return dout  # as if nothing were ever closed

    monkeypatch.setattr(layers.ReLU, "backward", staticmethod(wrong))


def test_one_key_verifies_every_gradient_and_ticks_the_cards(person):
    person.presses("F7")
    verified(person, "All 12 gradients of 6 nodes agree with autograd and finite differences")

    assert person.has_in_front("Verify")
    ticked = {id for id, verdict in shown(person).items() if verdict == "right"}
    assert ticked == {"fc1", "relu1", "fc2", "add1", "fc3", "loss"}
    assert len(person.window.verdicts._marks) == 6


@pytest.mark.usefixtures("wrong_relu")
def test_a_wrong_backward_is_named_and_crossed_and_what_it_spoils_is_marked(person):
    person.presses("F7")
    verified(person, "The backward of relu1 (ReLU) is wrong: its dx has a relative error")

    assert shown(person)["relu1"] == "wrong"
    assert shown(person)["fc1"] == "spoilt"
    assert shown(person)["fc3"] == "right"


def listed(person) -> list[tuple[str, str]]:
    """What the list says: of which gradient, and whether it is right."""
    table = person.window.verify._table
    return [(table.item(r, 0).text(), table.item(r, 1).text()) for r in range(table.rowCount())]


def assert_counts_agree(person) -> None:
    """The sentence, the list and the marks on cards count the same."""
    rows, marks = listed(person), [v for v in shown(person).values() if v is not None]
    sentence = person.reads(person.window.verify)
    nodes = {path.partition(".")[0] for path, _ in rows}
    assert f"{len(rows)} gradients of {len(nodes)} nodes" in sentence
    assert len(marks) == len(nodes) == len(person.window.verdicts._marks)
    wrong = {path.partition(".")[0] for path, word in rows if word == "wrong"}
    assert {id for id, verdict in shown(person).items() if verdict == "spoilt"} <= wrong
    if wrong:
        count = sum(word == "wrong" for _, word in rows)
        assert f"{count} of {len(rows)} gradients" in sentence


def test_the_sentence_the_list_and_the_cards_count_the_same(person):
    person.presses("F7")
    verified(person, "agree with autograd")

    assert_counts_agree(person)


@pytest.mark.usefixtures("wrong_relu")
def test_they_count_the_same_where_something_is_wrong(person):
    person.presses("F7")
    verified(person, "is wrong")

    assert "wrong" in dict(listed(person)).values()
    assert_counts_agree(person)


def test_on_its_way_it_counts_the_gradients_that_it_lists_in_the_end(person, held_up):
    told = []
    person.window.controller.verify_told.connect(
        lambda _: told.append(person.window.verify._bar.format())
    )
    person.presses("F7")
    verified(person, "agree with autograd")

    assert any(words.startswith("1 of 12 gradients · ") for words in told)
    assert any(words.startswith("12 of 12 gradients · ") for words in told)
    assert any(words.startswith("1 of 6 backward calls · ") for words in told)
    assert len(listed(person)) == 12


def test_a_verification_that_fails_says_why_and_is_not_under_way_any_longer(person, monkeypatch):
    def fails(dout, cache):
        raise TrainingError("the device no longer answers")

    monkeypatch.setattr(layers.Linear, "backward", staticmethod(fails))
    person.presses("F7")

    person.waits_for_news("device no longer answers")
    verified(person, "Stopped after 0 gradients of 0 nodes")
    assert person.button("Verify", person.window.verify).isVisible()


@pytest.mark.usefixtures("wrong_relu")
def test_a_click_on_a_row_shows_its_node(person):
    person.presses("F7")
    verified(person, "is wrong")
    table = person.window.verify._table
    row = next(r for r in range(table.rowCount()) if table.item(r, 0).text() == "fc1.w")
    assert table.item(row, 1).text() == "wrong"

    person.clicks(table.viewport(), table.visualItemRect(table.item(row, 0)).center())

    assert person.window.view.selected() == ["fc1"]


def test_a_change_of_the_net_takes_the_verdicts_away(person):
    person.presses("F7")
    verified(person, "agree with autograd")
    person.graph.move({"fc1": (10, 10)})
    assert shown(person)["fc1"] == "right", "a move changes no gradient"

    person.graph.set("fc1", out_features=7)
    person.graph.set("fc2", out_features=7)
    person.waits_until(lambda: shown(person)["fc1"] is None)

    assert person.sees("The net changed since it was verified", person.window.verify)


def test_what_is_found_of_a_net_that_changed_meanwhile_is_not_shown(person, held_up):
    held_up.closes()
    person.presses("F7")
    verified(person, "Verifying …")
    person.graph.set("fc1", out_features=7)
    person.graph.set("fc2", out_features=7)
    person.window.controller.catch_up()
    held_up.opens()

    verified(person, "The net changed since it was verified")
    assert set(shown(person).values()) == {None}
    assert not listed(person)


def test_verifying_is_stopped_and_what_was_found_is_kept(person, held_up):
    held_up.closes()
    person.presses("F7")
    verify = person.window.verify
    person.waits_until(lambda: verify._stop.isVisible())
    person.clicks(verify._stop)
    held_up.opens()
    person.waits_until(lambda: not verify._stop.isVisible())
    assert "Stopped after" in person.reads(verify)


def test_training_goes_on_while_gradients_are_verified(person):
    person.presses("F5")
    person.waits_until(lambda: person.window.controller.steps > 0)
    before = person.window.controller.steps
    person.presses("F7")
    verified(person, "agree with autograd")
    assert person.window.controller.steps >= before


def test_a_net_that_cannot_run_cannot_be_verified_and_the_button_says_why(person):
    person.graph.remove("loss")
    person.window.controller.settle()
    button = person.window.verify._button
    assert not button.isEnabled()
    assert "cannot run" in button.toolTip()


def test_the_names_of_gradients_can_be_read_in_a_narrow_panel(person):
    person.presses("F7")
    verified(person, "agree with autograd")
    table = person.window.verify._table
    names = [table.item(row, 0).text() for row in range(table.rowCount())]
    longest = max(table.fontMetrics().horizontalAdvance(name) for name in names)
    assert table.columnWidth(0) >= longest
