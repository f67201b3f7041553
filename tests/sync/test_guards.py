"""What a reading may take away: nothing by a stranger's eyes, nothing that is still there, not too much at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from discotui.demo.limits import MovingWindow
from discotui.demo.refusals import ApiError
from discotui.errors import DiscogsError, KeepsChanging, NotFound, NotLoggedIn
from discotui.sync.events import Declined, Event, MassLoss, PageRead, ReadingDone, ReadingStarted
from tests.demo_data import COLLECTION, EMPTY, JAZZ, NOTES, ODD, SHELF
from tests.sync.rig import Rig, rig
from tests.sync.test_faults import FAULTS, everything

PAGED = 250
FIRST = 500_001
REQUESTS = 6
"""Of a whole reading beside its pages: identity, folders, fields, value, identity; and one page."""


def from_request(made: Rig, number: int, step: Callable[[], object]) -> None:
    """Do something before the request of that number, counted from now."""
    asked: list[httpx.Request] = []

    def count(request: httpx.Request) -> None:
        asked.append(request)
        if len(asked) == number:
            step()

    made.line.before_each = count


def copies_asked(made: Rig) -> list[str]:
    """The releases whose copies were asked for."""
    start = f"{COLLECTION}/releases/"
    return [entry.path.removeprefix(start) for entry in made.server.log if entry.path.startswith(start)]


def change_elsewhere(made: Rig) -> None:
    made.state.remove(500_006)
    made.state.move(500_001, EMPTY)
    made.state.set_note(500_004, NOTES, "new")
    made.state.set_note(500_002, SHELF, "")


# --- a token that dies --------------------------------------------------------------------------------------


def show_what_strangers_see(made: Rig, *, tells_limit: bool = True) -> None:
    made.line.hides_token = True
    made.line.hides_limit = not tells_limit


DEATHS: dict[str, Callable[[Rig], object]] = {
    "refused": lambda made: made.server.revoke_token(),
    "a stranger's view": show_what_strangers_see,
    "a stranger's view that tells no limit": lambda made: show_what_strangers_see(made, tells_limit=False),
    "somebody else's view": lambda made: made.server._accounts.update(
        {made.server.token: made.server.users["stranger"]}
    ),
}


@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("death", DEATHS)
def test_a_token_that_dies_during_a_reading_changes_nothing(
    tmp_path: Path, death: str, number: int, private: bool
) -> None:
    with rig(tmp_path, items=150) as made:
        before = everything(made)
        change_elsewhere(made)
        made.state.private = private
        made.events.clear()
        # Identity, folders, fields, two pages, the copies of what is missing, value, identity.
        from_request(made, number, lambda: DEATHS[death](made))

        with pytest.raises(NotLoggedIn):
            made.puller.read_whole()

        assert everything(made) == before
        assert made.library.vanished() == []
        assert not made.of(ReadingDone)


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("death", DEATHS)
def test_a_token_that_dies_during_a_look_changes_nothing(tmp_path: Path, death: str, number: int) -> None:
    with rig(tmp_path) as made:
        before = everything(made)
        change_elsewhere(made)
        from_request(made, number, lambda: DEATHS[death](made))

        with pytest.raises(NotLoggedIn):
            made.puller.look()

        assert everything(made) == before


@pytest.mark.parametrize("number", [1, 2, 3, 4, 6])
def test_the_limit_of_strangers_has_the_identity_checked_at_once(tmp_path: Path, number: int) -> None:
    with rig(tmp_path) as made:
        made.server.log.clear()
        from_request(made, number, lambda: show_what_strangers_see(made))

        with pytest.raises(NotLoggedIn):
            made.puller.read_whole()

        # The fifth is about the value, which is refused to strangers anyway.
        since = [entry.path for entry in made.server.log[number - 1 :]]
        assert since[-1] == "/oauth/identity"
        assert len(since) == (1 if number in (1, 6) else 2)


@contextmanager
def one_strange_answer(made: Rig, match: str) -> Iterator[list[str]]:
    """The next answer to a request is meant for strangers, although the token is good. Gives what was asked so."""
    strange: list[str] = []

    def confuse(request: httpx.Request) -> None:
        is_first = match in request.url.path and not strange
        made.line.hides_token = is_first
        if is_first:
            strange.append(request.url.path)

    made.line.before_each = confuse
    yield strange
    made.line.before_each = lambda _: None
    made.line.hides_token = False


@pytest.mark.parametrize(
    ("match", "tells_limit"),
    [
        ("/collection/folders", True),
        ("/collection/folders", False),
        ("/folders/0/releases", True),
        ("/folders/0/releases", False),
        ("/collection/fields", True),
    ],
)
def test_a_single_answer_meant_for_strangers_is_not_used(tmp_path: Path, match: str, tells_limit: bool) -> None:
    with rig(tmp_path, items=150) as made:
        change_elsewhere(made)
        made.events.clear()
        made.line.hides_limit = not tells_limit
        with one_strange_answer(made, match) as strange:
            made.puller.read_whole()

        assert strange
        assert len(made.of(ReadingStarted)) == 2
        assert made.here() == made.there()
        assert made.folders_here() == made.folders_there()
        assert len(made.library.fields()) == 4


def test_a_look_that_meets_an_answer_meant_for_strangers_says_that_all_must_be_read(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        before = everything(made)
        with one_strange_answer(made, "/folders/0/releases"):
            assert not made.puller.look()
        assert everything(made) == before
        assert made.puller.look()


def test_an_owner_who_is_allowed_no_more_than_a_stranger_is_asked_once_more_who_it_is(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.server.rate_limit = 25
        made.state.remove(500_006)
        made.server.log.clear()

        made.puller.read_whole()

        assert [entry.path for entry in made.server.log].count("/oauth/identity") == 3
        assert made.here() == made.there()


# --- what is missing ----------------------------------------------------------------------------------------


def test_five_missing_items_cost_five_requests_more(tmp_path: Path) -> None:
    with rig(tmp_path, records=60) as made:
        made.server.log.clear()
        made.puller.read_whole()
        ordinary = len(made.server.log)
        for number in range(5):
            made.state.remove(FIRST + number * 10)
        made.server.log.clear()

        made.puller.read_whole()

        assert (ordinary, len(made.server.log)) == (REQUESTS, REQUESTS + 5)
        assert sorted(copies_asked(made)) == ["1001", "1011", "1021", "1031", "1041"]
        assert made.of(ReadingDone)[-1].vanished == 5
        assert made.here() == made.there()
        assert len(made.library.vanished()) == 5


def test_copies_of_one_release_are_asked_for_together(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.remove(500_001)
        made.state.remove(500_002)
        made.server.log.clear()

        made.puller.read_whole()

        assert copies_asked(made) == ["1001"]
        assert made.of(ReadingDone)[-1].vanished == 2


def test_of_many_missing_items_twenty_are_asked_for(tmp_path: Path) -> None:
    with rig(tmp_path, records=600) as made:
        for number in range(30):
            made.state.remove(FIRST + number * 20)
        made.server.log.clear()

        made.puller.read_whole()

        assert len(set(copies_asked(made))) == len(copies_asked(made)) == 20
        assert made.of(ReadingDone)[-1].vanished == 30
        assert made.here() == made.there()


def test_nothing_is_asked_for_that_is_being_removed_from_here(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.remove([500_006])
        made.state.remove(500_006)
        made.server.log.clear()

        made.puller.read_whole()

        assert copies_asked(made) == []
        made.send_all()
        assert made.agrees()
        assert [gone.cause for gone in made.library.vanished()] == ["removed"]


def test_a_release_that_discogs_does_not_have_any_more_is_gone(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.remove(500_006)
        made.server.fail_next(404, '{"message": "Release not found."}', match="/collection/releases/1005")

        made.puller.read_whole()

        assert made.of(ReadingDone)[-1].vanished == 1
        assert made.here() == made.there()


def hidden_from_pages(made: Rig, *instance_ids: int, times: int = 99) -> None:
    """Pages do not show these, and count them out; asked for by itself each is there."""
    aside = {number: made.state.instances[number] for number in instance_ids}
    asked: list[httpx.Request] = []

    def hide(request: httpx.Request) -> None:
        is_page = request.url.path.endswith("/releases")
        asked.extend([request] if is_page else [])
        for number, instance in aside.items():
            if is_page and len(asked) <= times:
                made.state.instances.pop(number, None)
            else:
                made.state.instances[number] = instance

    made.line.before_each = hide


def test_an_item_that_is_there_when_asked_for_makes_the_reading_void(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.events.clear()
        made.state.rate(1004, 4)
        hidden_from_pages(made, 500_006, times=1)

        made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 2
        assert made.of(ReadingDone)[-1].vanished == 0
        assert made.here() == made.there()


def test_an_item_that_no_page_shows_but_is_there_when_asked_for_stays(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.events.clear()
        made.state.rate(1004, 4)
        made.state.rate(1005, 3)
        made.state.move(500_006, ODD)
        made.state.set_note(500_006, SHELF, "not shown there")
        made.state.remove(500_003)
        hidden_from_pages(made, 500_006)

        with pytest.raises(KeepsChanging):
            made.puller.read_whole()

        here = made.here()
        assert len(made.of(ReadingStarted)) == 3
        assert here.keys() == made.there().keys() | {500_003}
        assert here[500_005][2] == 4
        # What was asked for by itself shows folder and rating, but no notes.
        assert here[500_006] == (1005, ODD, 3, {})
        made.line.before_each = lambda _: None
        assert made.agrees()
        assert [gone.item.instance_id for gone in made.library.vanished()] == [500_003]


@pytest.mark.parametrize("shown", [None, [], [{"field_id": NOTES, "value": "the public one"}]])
def test_asking_for_copies_blanks_and_changes_no_notes(tmp_path: Path, shown: list[object] | None) -> None:
    with rig(tmp_path) as made:
        before = made.here()[500_001]
        hidden_from_pages(made, 500_001)
        hide = made.line.before_each

        def answer(request: httpx.Request) -> httpx.Response | None:
            hide(request)
            if not request.url.path.startswith(f"{COLLECTION}/releases/") or shown is None:
                return None
            made.line.before_each = hide
            copies = json.loads(made.line.handle_request(request).read())
            made.line.before_each = answer
            copies["releases"] = [copy | {"notes": shown} for copy in copies["releases"]]
            return httpx.Response(200, json=copies)

        made.line.before_each = answer

        with pytest.raises(KeepsChanging):
            made.puller.read_whole()

        assert made.here()[500_001] == before
        assert len(before[3]) == 2


@pytest.mark.parametrize("tells_limit", [True, False])
def test_what_a_stranger_is_told_of_copies_changes_nothing(tmp_path: Path, tells_limit: bool) -> None:
    with rig(tmp_path) as made:
        before = everything(made)
        made.state.rate(1005, 4)
        hidden_from_pages(made, 500_006)
        hide = made.line.before_each

        def die(request: httpx.Request) -> None:
            hide(request)
            if request.url.path.startswith(f"{COLLECTION}/releases/"):
                show_what_strangers_see(made, tells_limit=tells_limit)

        made.line.before_each = die

        with pytest.raises(NotLoggedIn):
            made.puller.read_whole()

        assert copies_asked(made) == ["1005"]
        assert everything(made) == before


def test_an_own_removal_that_is_confirmed_after_copies_were_asked_for_is_no_contradiction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rig(tmp_path) as made:
        made.events.clear()
        hidden_from_pages(made, 500_006)
        ask = made.client.instances

        def answered_too_early(*args: object, **named: object) -> object:
            answer = ask(*args, **named)  # type: ignore[arg-type]
            made.line.before_each = lambda _: None
            made.library.remove([500_006])
            made.send_all()
            return answer

        monkeypatch.setattr(made.client, "instances", answered_too_early)

        made.puller.read_whole()

        assert copies_asked(made) == ["1005"]
        assert len(made.of(ReadingStarted)) == 1
        assert made.here() == made.there()


# --- changed elsewhere between two requests -----------------------------------------------------------------

LONG_AGO = "2001-01-01T00:00:00-08:00"


def remove(made: Rig, *instance_ids: int) -> None:
    for number in instance_ids:
        made.state.remove(number)


def replace_item(made: Rig, instance_id: int, added: str | None = None) -> None:
    """One goes and another comes: no total tells."""
    made.state.remove(instance_id)
    made.state.add(JAZZ, 1006, added=added)


def newest(made: Rig) -> int:
    return max(made.state.instances)


def move_some(made: Rig) -> None:
    for number in (500_006, 500_100, 500_249):
        made.state.move(number, EMPTY)


def delete_folder(made: Rig) -> None:
    remove(made, *(item.instance_id for item in made.state.items(ODD)))
    made.state.delete_folder(ODD)


CHANGES: dict[str, Callable[[Rig], object]] = {
    "added": lambda made: made.state.add(JAZZ, 1006),
    "added long ago": lambda made: made.state.add(JAZZ, 1006, added=LONG_AGO),
    "newest removed": lambda made: remove(made, newest(made)),
    "oldest removed": lambda made: remove(made, 500_006),
    "one of the middle removed": lambda made: remove(made, 500_100),
    "a hundred removed": lambda made: remove(made, *range(500_100, 500_200)),
    "newest replaced by a newer one": lambda made: replace_item(made, newest(made)),
    "newest replaced by an older one": lambda made: replace_item(made, newest(made), LONG_AGO),
    "oldest replaced by a newer one": lambda made: replace_item(made, 500_006),
    "moved": move_some,
    "rated": lambda made: made.state.rate(1001, 1),
    "folder deleted with its items": delete_folder,
}


@pytest.mark.parametrize("number", range(1, 11))
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_elsewhere_between_any_two_requests_takes_nothing_out_that_is_there(
    tmp_path: Path, change: str, number: int
) -> None:
    with rig(tmp_path, items=PAGED) as made:
        made.events.clear()
        # Identity, folders, fields, three pages, value, identity; more when something is missing or does not fit.
        from_request(made, number, lambda: CHANGES[change](made))

        made.puller.read_whole()

        there = made.there()
        gone = {each.item.instance_id for each in made.library.vanished()}
        assert not gone & there.keys()
        # What was there before and still is; what has come may be seen only the next time.
        assert there.keys() - made.here().keys() <= {number for number in there if number > FIRST + PAGED - 1}
        made.line.before_each = lambda _: None
        made.puller.read_whole()
        made.library.accept_loss()
        assert made.agrees()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_between_all_pages_of_all_readings_takes_nothing_out_that_is_there(
    tmp_path: Path, change: str
) -> None:
    with rig(tmp_path, items=PAGED) as made:
        made.events.clear()

        def on_event(event: Event) -> None:
            if isinstance(event, PageRead):
                with suppress(ApiError):  # What is gone cannot go again.
                    CHANGES[change](made)

        made.on_event = on_event

        with suppress(KeepsChanging):
            made.puller.read_whole()
        made.on_event = lambda _: None

        gone = {each.item.instance_id for each in made.library.vanished()}
        assert not gone & made.there().keys()
        made.puller.read_whole()
        made.library.accept_loss()
        assert made.agrees()


def test_an_item_that_slips_to_another_page_unseen_is_found_by_asking(tmp_path: Path) -> None:
    with rig(tmp_path, records=PAGED) as made:
        made.events.clear()
        # In the order of the pages: the newest goes, and something older than all comes. The totals agree, and what
        # stood first on the second page was on neither.
        from_request(made, 5, lambda: CHANGES["newest replaced by an older one"](made))
        slipped = FIRST + PAGED - 101

        made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 2
        assert slipped in made.here()
        assert made.here() == made.there()
        assert slipped not in {each.item.instance_id for each in made.library.vanished()}


# --- mass loss ----------------------------------------------------------------------------------------------


def lose(made: Rig, count: int) -> None:
    """So many of the oldest go at Discogs."""
    for number in range(count):
        made.state.remove(FIRST + number)


def test_a_thousand_missing_items_are_held_and_told(tmp_path: Path) -> None:
    with rig(tmp_path, records=1300) as made:
        before = made.here()
        made.events.clear()
        lose(made, 1000)
        made.state.rate(2300, 4)
        made.server.log.clear()

        made.puller.read_whole()

        # Identity, folders, fields, three pages, value, identity; and twenty of the missing.
        assert len(made.server.log) == 8 + 20
        assert made.of(MassLoss) == [MassLoss(1000, 1300)]
        assert made.of(ReadingDone) == [ReadingDone(whole=True, vanished=0, read=300)]
        assert made.here().keys() == before.keys()
        assert made.here()[FIRST + 1299][2] == 4
        assert made.library.vanished() == []


def test_while_a_loss_is_held_a_look_is_enough_for_the_rest(tmp_path: Path) -> None:
    with rig(tmp_path, records=100) as made:
        lose(made, 30)
        made.puller.read_whole()
        made.restart()

        assert made.puller.look()
        assert len(made.server.log) > 0
        made.state.remove(FIRST + 50)
        assert not made.puller.look()


def test_each_reading_that_holds_a_loss_tells_it(tmp_path: Path) -> None:
    with rig(tmp_path, records=100) as made:
        lose(made, 30)
        made.puller.read_whole()
        made.state.remove(FIRST + 50)
        made.puller.read_whole()

        assert made.of(MassLoss) == [MassLoss(30, 100), MassLoss(31, 100)]


def test_a_loss_that_was_accepted_is_as_at_discogs(tmp_path: Path) -> None:
    with rig(tmp_path, records=100) as made:
        lose(made, 30)
        made.puller.read_whole()

        made.library.accept_loss()

        assert made.here() == made.there()
        assert made.puller.look()
        assert made.agrees()
        assert len(made.library.vanished()) == 30
        assert len(made.of(MassLoss)) == 1


def test_what_was_lost_by_mistake_can_be_sent_back(tmp_path: Path) -> None:
    with rig(tmp_path, records=100) as made:
        notes = {number: {NOTES: f"note {number}"} for number in range(FIRST, FIRST + 30)}
        for number, values in notes.items():
            made.state.set_note(number, NOTES, values[NOTES])
        made.state.rate(1003, 5)
        made.puller.read_whole()
        lose(made, 30)
        made.puller.read_whole()
        made.library.accept_loss()

        made.library.restore([gone.item.instance_id for gone in made.library.vanished()])
        made.send_all()

        assert len(made.state.instances) == 100
        assert made.state.rating(1003) == 5
        there = {item.release_id: item.notes for item in made.state.items()}
        assert [there[1001 + number] for number in range(30)] == list(notes.values())
        assert made.agrees()


def test_items_that_were_hidden_for_a_while_come_back_by_themselves(tmp_path: Path) -> None:
    with rig(tmp_path, records=PAGED) as made:
        before = made.here()
        away = {number: made.state.instances.pop(number) for number in range(FIRST, FIRST + 30)}
        made.puller.read_whole()
        assert made.library.held_loss() is not None

        made.state.instances.update(away)
        assert not made.puller.look()
        made.puller.read_whole()

        assert made.library.held_loss() is None
        assert made.here() == before


def test_items_that_come_back_on_the_newest_page_need_no_more_than_a_look(tmp_path: Path) -> None:
    with rig(tmp_path, records=100) as made:
        away = {number: made.state.instances.pop(number) for number in range(FIRST, FIRST + 30)}
        made.puller.read_whole()

        made.state.instances.update(away)
        assert made.puller.look()

        assert made.library.held_loss() is None
        assert made.library.accept_loss().items == frozenset()


def test_a_folder_deleted_elsewhere_with_all_its_items_is_held_and_then_goes(tmp_path: Path) -> None:
    with rig(tmp_path, items=PAGED) as made:
        for item in made.state.items(JAZZ):
            made.state.remove(item.instance_id)
        made.state.delete_folder(JAZZ)

        made.puller.read_whole()

        assert made.folders_here()[JAZZ] == ("Jazz [LP]", PAGED - 4)
        assert made.puller.look()
        made.library.accept_loss()
        assert made.folders_here() == made.folders_there()
        assert made.agrees()


def test_an_edit_of_a_held_item_finds_out_and_is_told(tmp_path: Path) -> None:
    with rig(tmp_path, records=100) as made:
        lose(made, 30)
        made.puller.read_whole()

        made.library.set_notes([FIRST], {NOTES: "too late"})
        made.library.move([FIRST + 40], EMPTY)
        made.send_all()

        (declined,) = made.of(Declined)
        assert isinstance(declined.error, NotFound)
        assert made.wants_reading
        assert made.here()[FIRST][3] == {}
        assert made.state.instance(FIRST + 40).folder_id == EMPTY
        loss = made.library.held_loss()
        assert loss is not None
        assert loss.count == 30


def test_an_empty_answer_for_a_whole_collection_takes_nothing_out(tmp_path: Path) -> None:
    with rig(tmp_path, records=100) as made:
        before = made.here()
        made.state.instances.clear()

        made.puller.read_whole()

        assert made.here() == before
        assert made.of(MassLoss) == [MassLoss(100, 100)]


def test_a_small_collection_may_be_emptied_without_a_word(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.instances.clear()

        made.puller.read_whole()

        assert made.here() == {}
        assert len(made.library.vanished()) == 6
        assert not made.of(MassLoss)


def test_a_first_reading_that_was_cut_off_knows_no_loss(tmp_path: Path) -> None:
    with rig(tmp_path, read=False, items=PAGED) as made:
        made.line.before_each = lambda request: FAULTS["500"][0](request) if "page=3" in str(request.url) else None
        with pytest.raises(DiscogsError):
            made.puller.read_whole()
        assert len(made.library.items()) == 200
        made.line.before_each = lambda _: None
        for number in range(500_100, 500_200):
            made.state.remove(number)

        made.server.log.clear()
        made.puller.read_whole()

        assert made.here() == made.there()
        assert copies_asked(made) == []
        assert not made.of(MassLoss)


def test_a_strangers_copy_of_a_public_collection_is_guarded_alike(tmp_path: Path) -> None:
    with rig(tmp_path, own=False, records=100) as made:
        made.server._window = MovingWindow(made.waiting)
        lose(made, 10)
        made.puller.read_whole()
        assert made.of(ReadingDone)[-1].vanished == 10
        assert len(copies_asked(made)) == 10

        made.state.instances.clear()
        made.puller.read_whole()
        assert made.of(MassLoss) == [MassLoss(90, 90)]


# --- notes --------------------------------------------------------------------------------------------------


def without_notes(made: Rig) -> None:
    """From now on no page shows any note to anybody."""
    for item in made.state.instances.values():
        item.notes.clear()


def test_notes_that_no_page_shows_any_more_are_believed_the_second_time(tmp_path: Path) -> None:
    with rig(tmp_path, records=60) as made:
        for number in range(60):
            made.state.set_note(FIRST + number, NOTES, f"note {number}")
        made.puller.read_whole()
        before = made.here()
        without_notes(made)

        assert made.puller.look()
        made.puller.read_whole()
        assert made.here() == before

        made.puller.read_whole()
        assert made.here() == made.there()


def test_a_strangers_copy_knows_public_notes_and_forgets_none(tmp_path: Path) -> None:
    with rig(tmp_path, own=False) as made:

        def read(instance_id: int, field_id: int, value: str) -> object:
            made.state.set_note(instance_id, field_id, value)
            made.puller.read_whole()
            item = made.library.item(instance_id)
            assert item is not None
            return item.notes

        assert read(500_002, NOTES, "now") == {NOTES: "now"}
        assert read(500_002, NOTES, "later") == {NOTES: "later"}
        assert read(500_002, NOTES, "") == {NOTES: "later"}
        assert read(500_004, SHELF, "private") is None


def test_the_last_note_of_an_item_may_go(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.set_note(500_002, SHELF, "")

        assert made.puller.look()

        assert made.here()[500_002][3] == {}
