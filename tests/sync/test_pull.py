"""Reading the collection: what is shown when, what is taken over, and what never is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from discotui.demo.state import UNCATEGORIZED, Instance
from discotui.errors import Forbidden, KeepsChanging, NotFound, NotLoggedIn, Offline
from discotui.library.first_reading import first_reading
from discotui.library.items import Value
from discotui.sync.events import Event, LibraryChanged, PageRead, ReadingDone, ReadingStarted, Sent
from discotui.sync.reading import unseen_release
from tests.demo_data import COLLECTION, EMPTY, JAZZ, MEDIA, NOTES, ODD, OWNER, SHELF
from tests.sync.rig import Rig, When, rig

PAGES = [(1, 3), (2, 3), (3, 3)]


def after_page(made: Rig, number: int, step: object) -> None:
    """Do something once, between a page and the next request."""
    done: list[int] = []

    def on_event(event: Event) -> None:
        if isinstance(event, PageRead) and event.page == number and not done:
            done.append(number)
            assert callable(step)
            step()

    made.on_event = on_event


# --- whole readings ----------------------------------------------------------------------------------------


def test_the_first_reading_shows_rows_page_by_page(tmp_path: Path) -> None:
    with rig(tmp_path, read=False, items=250) as made:
        shown: list[int] = []
        made.on_event = lambda event: shown.append(len(made.library.items())) if isinstance(event, PageRead) else None

        made.puller.read_whole()

        assert shown == [100, 200, 250]
        assert [(event.page, event.pages) for event in made.of(PageRead)] == PAGES
        assert made.here() == made.there()
        assert made.folders_here() == made.folders_there()


def test_a_later_reading_shows_nothing_before_it_is_whole(tmp_path: Path) -> None:
    with rig(tmp_path, items=250) as made:
        before = made.here()
        made.state.rate(1001, 2)
        made.state.remove(500_006)
        seen: list[bool] = []
        made.on_event = lambda event: seen.append(made.here() == before) if isinstance(event, PageRead) else None

        made.puller.read_whole()

        assert seen == [True, True, True]
        assert made.here() == made.there() != before


def test_all_that_was_done_elsewhere_shows_after_a_reading(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.move(500_001, EMPTY)
        made.state.remove(500_003)
        made.state.rate(1004, 5)
        made.state.set_note(500_004, NOTES, "from the website")
        made.state.add(JAZZ, 1006)
        made.state.rename_folder(ODD, "Even")

        made.puller.read_whole()

        assert made.here() == made.there()
        assert made.folders_here() == made.folders_there()
        assert made.of(ReadingDone)[-1] == ReadingDone(whole=True, vanished=1, read=6)


def test_what_vanished_is_kept_aside_with_its_notes(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.remove(500_001)

        made.puller.read_whole()

        kept = made.library._core.store._db.execute("SELECT instance_id, item FROM vanished").fetchall()
        assert [row[0] for row in kept] == [500_001]
        assert "Mint (M)" in kept[0][1]


def test_waiting_edits_stay_on_top_of_what_was_read(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 1)
        made.library.set_notes([500_006], {NOTES: "mine"})

        made.puller.read_whole()

        assert made.here()[500_003][2] == 1
        assert made.here()[500_006][3] == {NOTES: "mine"}
        assert made.library.waiting_count() == 2


def test_an_empty_collection_reads_as_one(tmp_path: Path) -> None:
    with rig(tmp_path, read=False) as made:
        made.state.instances.clear()

        made.puller.read_whole()

        assert made.library.items() == []
        assert made.folders_here() == made.folders_there()


def test_a_reading_that_changes_nothing_reports_no_change(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.events.clear()

        made.puller.read_whole()

        assert made.of(LibraryChanged) == []


# --- readings that do not fit together ----------------------------------------------------------------------


def test_a_collection_that_grew_between_two_pages_is_read_again(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        made.events.clear()
        after_page(made, 1, lambda: made.state.add(JAZZ, 1006))

        made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 2
        assert made.here() == made.there()


def test_an_item_that_slipped_onto_a_page_read_before_is_not_taken_for_gone(tmp_path: Path) -> None:
    with rig(tmp_path, items=250) as made:
        made.events.clear()
        after_page(made, 1, lambda: made.state.remove(max(made.state.instances)))

        made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 2
        assert made.of(ReadingDone)[-1].vanished == 1
        assert made.here() == made.there()


def test_an_exchange_that_no_total_shows_is_put_right_by_the_next_look(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:

        def exchange() -> None:
            made.state.remove(max(made.state.instances))
            made.state.add(JAZZ, 1006)

        after_page(made, 1, exchange)

        made.puller.read_whole()

        assert set(made.here()) >= set(made.there()) - {max(made.state.instances)}
        assert not made.puller.look()
        assert made.agrees()


def test_an_item_that_appears_twice_makes_the_reading_void(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        before = made.here()
        made.events.clear()
        twin = made.state.instances[500_002]

        def double(event: Event) -> None:
            if isinstance(event, ReadingStarted):
                made.state.instances.pop(999_999, None)
            if isinstance(event, PageRead) and event.page == 1:
                # The newest of the first page is also the oldest of the last; another one is missing.
                made.state.instances.pop(500_006, None)
                made.state.instances[999_999] = replace(twin, added="2001-01-01T00:00:00-08:00")
            if isinstance(event, PageRead) and event.page == 2:
                made.state.instances.pop(999_999, None)
                made.state.instances[500_006] = Instance(500_006, 1005, JAZZ, "2018-01-01T00:00:00+00:00", {})

        made.on_event = double
        made.state.instances[500_002].added = "2024-01-01T00:00:00-08:00"

        with pytest.raises(KeepsChanging):
            made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 3
        assert made.here() == before


def keeps_changing(event: Event, made: Rig) -> None:
    """Whenever a first page was read, its newest item goes."""
    if isinstance(event, PageRead) and event.page == 1:
        made.state.remove(max(made.state.instances))


def test_of_three_inconsistent_readings_the_last_shows_what_is_new_and_takes_nothing_out(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        before, read_at = made.here(), made.library.read_at()
        made.events.clear()
        made.clock.now += 100
        made.state.rate(1004, 5)
        made.state.set_note(500_006, NOTES, "from the website")
        made.state.folder_names.pop(EMPTY)
        fresh = made.state.create_folder("Fresh")
        made.state.move(500_004, fresh)
        made.on_event = lambda event: keeps_changing(event, made)

        with pytest.raises(KeepsChanging):
            made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 3
        assert not made.of(ReadingDone)
        assert made.here().keys() == before.keys()
        assert {key: row for key, row in made.here().items() if row != before[key]} == {
            500_004: (1003, fresh, 0, {}),
            500_005: (1004, ODD, 5, {MEDIA: "Mint (M)"}),
            500_006: (1005, JAZZ, 0, {NOTES: "from the website"}),
        }
        assert {"Empty", "Fresh"} <= {name for name, _ in made.folders_here().values()}
        assert (made.library.read_at(), made.library.vanished()) == (read_at, [])
        made.on_event = lambda _: None
        assert made.agrees()


def test_totals_that_differ_do_not_fit_although_the_last_one_is_right(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        made.events.clear()

        def on_event(event: Event) -> None:
            if isinstance(event, PageRead) and event.page == 1:
                made.state.add(JAZZ, 1006, added="2001-01-01T00:00:00-08:00")

        made.on_event = on_event

        with pytest.raises(KeepsChanging):
            made.puller.read_whole()

        assert not made.of(ReadingDone)
        assert made.here() == made.there()


def test_what_was_read_of_an_inconsistent_reading_is_only_taken_over_for_the_right_person(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        before = made.here()
        made.events.clear()
        made.state.rate(1004, 5)

        def on_event(event: Event) -> None:
            keeps_changing(event, made)
            if len(made.of(ReadingStarted)) == 3 and isinstance(event, PageRead) and event.page == event.pages:
                made.server.revoke_token()

        made.on_event = on_event

        with pytest.raises(NotLoggedIn):
            made.puller.read_whole()

        assert made.here() == before


def test_own_removals_are_not_brought_back_by_what_was_read_before_them(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        made.events.clear()

        def on_event(event: Event) -> None:
            keeps_changing(event, made)
            if len(made.of(ReadingStarted)) == 3 and event == PageRead(2, 2) and 500_006 in made.here():
                made.library.remove([500_006])
                made.send_all()

        made.on_event = on_event

        with pytest.raises(KeepsChanging):
            made.puller.read_whole()

        assert 500_006 not in made.here()


def test_a_collection_that_lost_its_last_page_meanwhile_is_read_again(tmp_path: Path) -> None:
    with rig(tmp_path, items=101) as made:
        made.events.clear()
        after_page(made, 1, lambda: made.state.remove(500_001))

        made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 2
        assert made.here() == made.there()


# --- a first reading that is left off --------------------------------------------------------------------------


def cut_off(made: Rig, page: int) -> None:
    """The first reading ends behind a page, for the way to Discogs breaks; then the program is started anew."""

    def breaks() -> None:
        made.line.breaks(When.BEFORE, times=9)

    after_page(made, page, breaks)
    with pytest.raises(Offline):
        made.puller.read_whole()
    made.restart()


def pages_asked_for(made: Rig, since: int) -> list[int]:
    """Numbers of the pages that the server was asked for after so many requests."""
    asked = [entry for entry in made.server.log[since:] if entry.path.endswith("/folders/0/releases")]
    return [int(parse_qs(entry.query)["page"][0]) for entry in asked]


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_first_reading_goes_on_where_it_was_left_off(tmp_path: Path, page: int) -> None:
    with rig(tmp_path, read=False, records=350) as made:
        cut_off(made, page)
        begun, requests = made.clock.now, len(made.server.log)
        made.clock.now += 600
        made.puller.read_whole()
        assert pages_asked_for(made, requests) == [1, *range(page + 1, 5)]
        assert made.here() == made.there()
        assert made.folders_here() == made.folders_there()
        assert made.of(ReadingDone)[-1] == ReadingDone(whole=True, vanished=0, read=350)
        assert [event.page for event in made.of(PageRead)] == [*range(page, 5)]
        # It is as old as its oldest part.
        assert made.library.read_at() == made.library.incoming.pulled_at() == begun
        requests = len(made.server.log)
        made.puller.read_whole()
        assert pages_asked_for(made, requests) == [1, 2, 3, 4]
        assert made.library.read_at() == made.clock.now


@pytest.mark.parametrize("what", ["added", "removed", "exchanged", "too old", "of another time"])
def test_a_first_reading_begins_anew_when_the_rest_does_not_follow(tmp_path: Path, what: str) -> None:
    with rig(tmp_path, read=False, records=350) as made:
        cut_off(made, 2)
        if what in ("removed", "exchanged"):
            made.state.remove(sorted(made.state.instances)[0])
            made.state.remove(sorted(made.state.instances)[-150])
            made.state.add(1, next(iter(made.state.releases)))
        if what in ("added", "exchanged"):
            made.state.add(1, next(iter(made.state.releases)))
        made.clock.now += {"too old": 3601, "of another time": -1}.get(what, 60)
        requests = len(made.server.log)
        made.puller.read_whole()
        assert pages_asked_for(made, requests) == [1, 2, 3, 4]
        assert made.here() == made.there()
        assert made.library.read_at() == made.clock.now


@pytest.mark.parametrize("removes", [False, True])
def test_what_is_sent_between_the_two_parts_of_a_first_reading_stays(tmp_path: Path, removes: bool) -> None:
    with rig(tmp_path, read=False, records=350) as made:
        cut_off(made, 2)
        newest = sorted(made.here())
        made.library.rate(newest[:3], 5)
        made.library.move(newest[3:6], EMPTY)
        made.library.set_notes(newest[6:9], {NOTES: "mine"})
        if removes:
            made.library.remove(newest[9:10])
        made.send_all()
        made.library.rate(newest[20:23], 1)
        made.puller.read_whole()
        assert {key: row for key, row in made.here().items() if key not in newest[20:23]} == {
            key: row for key, row in made.there().items() if key not in newest[20:23]
        }
        assert {made.here()[key][2] for key in newest[20:23]} == {1}
        made.send_all()
        assert made.agrees()


def test_copies_keep_one_rating_when_it_was_changed_between_the_two_parts(tmp_path: Path) -> None:
    with rig(tmp_path, read=False, items=350) as made:
        cut_off(made, 2)
        (release_id,) = {row[0] for row in list(made.there().values())[-50:]}
        made.state.rate(release_id, 1 if made.state.rating(release_id) != 1 else 2)
        made.puller.read_whole()
        assert made.here() == made.there()


def test_changes_elsewhere_between_the_two_parts_are_seen_by_the_next_reading_and_hold_back_no_edit(
    tmp_path: Path,
) -> None:
    with rig(tmp_path, read=False, records=350) as made:
        cut_off(made, 2)
        item = sorted(made.here())[50]
        made.state.set_note(item, NOTES, "from the website")
        made.clock.now += 300
        made.puller.read_whole()
        assert made.here() != made.there()
        made.library.set_notes([item], {NOTES: "mine"})
        made.send_one()
        assert made.library.deciding.counts().conflicts == 1, "what was read then is not taken for what is there now"
        assert made.state.instance(item).notes[NOTES] == "from the website"


@pytest.mark.parametrize("text", ["", "7", "[]", "{}", '{"pages": "x", "total": 1, "first": [], "at": 0}', "\ud800"])
def test_what_cannot_be_understood_of_an_earlier_reading_is_left(text: str) -> None:
    assert first_reading(text) is None


# --- our own edits while the collection is read --------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False], ids=["first reading", "later reading"])
@pytest.mark.parametrize("page", [1, 2, 3])
def test_own_edits_confirmed_meanwhile_are_neither_lost_nor_reverted(tmp_path: Path, page: int, first: bool) -> None:
    with rig(tmp_path, read=not first, items=250) as made:
        made.events.clear()
        made.state.instances[500_005].added = "2024-06-01T12:00:00-07:00"

        def edit() -> None:
            # From the first page: what follows moves up, by more than the addition moves it down.
            newest = sorted(made.library.items(), key=lambda item: (item.added, item.instance_id))[-4:-1]
            made.library.remove([item.instance_id for item in newest])
            made.library.rate([500_005], 4)
            made.library.move([500_005], EMPTY)
            made.library.set_notes([500_005], {SHELF: "A1"})
            made.library.add(unseen_release(1006), JAZZ)
            made.library.new_folder("Fresh")
            made.send_all()

        after_page(made, page, edit)

        made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 1
        assert len(made.of(Sent)) == 8
        assert {key: row[:3] for key, row in made.here().items()} == {k: row[:3] for k, row in made.there().items()}
        assert made.here()[500_005][1:] == (EMPTY, 4, {MEDIA: "Mint (M)", SHELF: "A1"})
        assert made.folders_here() == made.folders_there()
        assert made.agrees()


def send_before(made: Rig, patch: pytest.MonkeyPatch, call: str) -> None:
    """Have the next call of the client wait until everything was sent, as one that waits for its turn does."""
    ask = getattr(made.client, call)

    def asked(*args: object, **named: object) -> object:
        patch.setattr(made.client, call, ask)
        made.send_all()
        return ask(*args, **named)

    patch.setattr(made.client, call, asked)


def test_own_removals_that_are_confirmed_while_a_page_waits_for_its_turn_count_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rig(tmp_path, items=250) as made:
        made.events.clear()
        made.library.remove(sorted(made.here())[-2:])
        after_page(made, 1, lambda: send_before(made, monkeypatch, "items"))

        made.puller.read_whole()

        assert len(made.of(ReadingStarted)) == 1
        assert made.here() == made.there()
        assert len(made.here()) == 248


def test_own_changes_that_are_confirmed_after_the_last_page_are_not_reverted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 5)
        made.library.remove([500_006])
        made.library.rename_folder(EMPTY, "Full")
        send_before(made, monkeypatch, "value")

        made.puller.read_whole()

        assert made.here()[500_003][2] == 5
        assert made.here() == made.there()
        assert made.folders_here() == made.folders_there()
        assert made.of(ReadingDone)[-1].vanished == 0


# --- whose view it is ---------------------------------------------------------------------------------------


def test_the_token_of_somebody_else_changes_nothing(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        before, folders, fields = made.here(), made.folders_here(), made.library.fields()
        made.server._accounts[made.server.token] = made.server.users["stranger"]

        with pytest.raises(NotLoggedIn):
            made.puller.read_whole()
        with pytest.raises(NotLoggedIn):
            made.puller.look()

        assert (made.here(), made.folders_here(), made.library.fields()) == (before, folders, fields)


@pytest.mark.parametrize("request_number", range(1, 8))
def test_a_token_that_turns_into_a_strangers_meanwhile_changes_nothing(tmp_path: Path, request_number: int) -> None:
    with rig(tmp_path, items=150) as made:
        before, folders, fields = made.here(), made.folders_here(), made.library.fields()
        made.state.remove(500_006)
        asked: list[object] = []

        def count(request: object) -> None:
            asked.append(request)
            if len(asked) == request_number:
                made.server._accounts[made.server.token] = made.server.users["stranger"]

        made.line.before_each = count

        with pytest.raises(NotLoggedIn):
            made.puller.read_whole()

        assert (made.here(), made.folders_here(), made.library.fields()) == (before, folders, fields)


@pytest.mark.parametrize("request_number", [1, 2, 3])
def test_a_look_with_a_strangers_eyes_blanks_no_notes(tmp_path: Path, request_number: int) -> None:
    with rig(tmp_path) as made:
        before = made.here()
        asked: list[object] = []

        def count(request: object) -> None:
            asked.append(request)
            if len(asked) == request_number:
                made.server._accounts[made.server.token] = made.server.users["stranger"]

        made.line.before_each = count

        with pytest.raises(NotLoggedIn):
            made.puller.look()

        assert made.here() == before


def test_a_first_reading_whose_token_dies_shows_no_strangers_page(tmp_path: Path) -> None:
    with rig(tmp_path, read=False, items=150) as made:
        after_page(made, 1, lambda: made.server._accounts.update({made.server.token: made.server.users["stranger"]}))

        with pytest.raises(NotLoggedIn):
            made.puller.read_whole()

        assert len(made.library.items()) == 100
        assert made.library.read_at() is None


def test_a_value_that_discogs_cannot_tell_holds_nothing_up(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        value = made.library.value()
        made.state.remove(500_006)
        made.server.fail_next(500, "<html>", match="/collection/value", times=3)

        made.puller.read_whole()

        assert made.here() == made.there()
        assert made.library.value() == value
        assert isinstance(value, Value)


# --- the quick look -----------------------------------------------------------------------------------------


def test_a_look_at_an_unchanged_collection_takes_three_requests(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.server.log.clear()
        made.clock.now += 100

        assert made.puller.look()

        assert sorted(entry.path for entry in made.server.log) == [
            "/oauth/identity",
            f"{COLLECTION}/folders",
            f"{COLLECTION}/folders/0/releases",
        ]
        assert made.library.read_at() == made.clock.now
        assert made.of(ReadingDone)[-1] == ReadingDone(whole=False, vanished=0)


@pytest.mark.parametrize("what", ["removed", "folder added", "folder renamed"])
def test_a_look_notices_what_the_counts_tell(tmp_path: Path, what: str) -> None:
    with rig(tmp_path) as made:
        match what:
            case "removed":
                made.state.remove(500_006)
            case "folder added":
                made.state.create_folder("New elsewhere")
            case _:
                made.state.rename_folder(EMPTY, "Renamed elsewhere")

        assert not made.puller.look()


def test_a_look_notices_a_net_move_beyond_the_newest_page(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        made.state.move(500_006, EMPTY)

        assert not made.puller.look()


def test_a_look_takes_over_what_is_new(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        number = made.state.add(JAZZ, 1006)
        made.state.move(500_006, EMPTY)

        assert made.puller.look()

        assert made.here()[number] == (1006, JAZZ, 0, {})
        assert made.here() == made.there()


def test_a_look_that_missed_additions_behind_the_newest_page_says_so(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        made.state.add(UNCATEGORIZED, 1006, added="2000-01-01T00:00:00-08:00")

        assert not made.puller.look()


# --- strangers ----------------------------------------------------------------------------------------------


def test_a_stranger_sees_a_public_collection_and_makes_no_call_for_owners(tmp_path: Path) -> None:
    with rig(tmp_path, own=False) as made:
        assert set(made.here()) == set(made.there())
        assert {item.folder_id for item in made.library.items()} == {0}
        assert made.library.value() is None
        assert made.folders_here() == {0: ("All", 6)}
        assert {(entry.method, entry.path) for entry in made.server.log} == {
            ("GET", f"{COLLECTION}/folders"),
            ("GET", f"{COLLECTION}/fields"),
            ("GET", f"{COLLECTION}/folders/0/releases"),
        }
        assert all(entry.status == 200 for entry in made.server.log)


def test_a_stranger_is_not_told_that_there_are_no_notes(tmp_path: Path) -> None:
    with rig(tmp_path, own=False) as made:
        notes = {item.instance_id: item.notes for item in made.library.items()}

        assert notes[500_001] == {NOTES: "first\nsecond [b]line[/b]"}
        assert notes[500_002] is None
        assert made.puller.look()


def test_a_private_collection_is_forbidden(tmp_path: Path) -> None:
    with rig(tmp_path, own=False, read=False) as made:
        made.state.private = True

        with pytest.raises(Forbidden):
            made.puller.read_whole()

        assert made.library.items() == []


def test_an_unknown_user_is_not_found(tmp_path: Path) -> None:
    with rig(tmp_path, own=False, read=False) as made:
        del made.server.users[OWNER]

        with pytest.raises(NotFound):
            made.puller.read_whole()

        assert made.library.items() == []
