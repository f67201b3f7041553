"""Sending: each kind of edit reaches the server once, as Discogs wants it addressed, and finds its way elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from discotui.demo.server import DemoServer
from discotui.errors import (
    FolderNotEmpty,
    NotFound,
    NotLoggedIn,
    Refused,
    ServerFault,
)
from discotui.library.deciding import Standing
from discotui.library.outbox import State
from discotui.sync.events import Declined, LibraryChanged, Sent
from discotui.sync.reading import unseen_release
from tests.demo_data import EMPTY, JAZZ, MEDIA, NOTES, ODD, OWNER, SHELF
from tests.sync.rig import Rig, rig


def conflict(made: Rig) -> Standing:
    """The one change that is in conflict; nothing was declined."""
    assert made.of(Declined) == []
    found = [standing for standing in made.library.deciding.standing() if standing.entry.state is State.CONFLICT]
    assert len(found) == 1
    return found[0]


def declined(made: Rig) -> Declined:
    """The one change that was declined."""
    (only,) = made.of(Declined)
    return only


# --- every kind, once ---------------------------------------------------------------------------------------


def edit(made: Rig, kind: str) -> None:
    """One edit of a kind."""
    match kind:
        case "rate":
            made.library.rate([500_003], 5)
        case "unrate":
            made.library.rate([500_003], 0)
        case "move":
            made.library.move([500_003], EMPTY)
        case "note":
            made.library.set_notes([500_003], {NOTES: "Ä [b] ♥\nsecond"})
        case "clear note":
            made.library.set_notes([500_001], {MEDIA: ""})
        case "remove":
            made.library.remove([500_003])
        case "add":
            made.library.add(unseen_release(1006), ODD)
        case "new folder":
            made.library.new_folder("New [LP] 奇")
        case "rename folder":
            made.library.rename_folder(ODD, "Even")
        case "delete folder":
            made.library.delete_folder(EMPTY)


ITEM = f"/folders/{ODD}/releases/1002/instances/500003"
KINDS: dict[str, tuple[str, str, Any, int]] = {
    "rate": ("POST", ITEM, {"rating": 5}, 204),
    "unrate": ("POST", ITEM, {"rating": 0}, 204),
    "move": ("POST", ITEM, {"folder_id": EMPTY}, 204),
    "note": ("POST", f"{ITEM}/fields/{NOTES}", {"value": "Ä [b] ♥\nsecond"}, 204),
    "clear note": ("POST", f"/folders/{JAZZ}/releases/1001/instances/500001/fields/{MEDIA}", {"value": ""}, 204),
    "remove": ("DELETE", ITEM, None, 204),
    "add": ("POST", f"/folders/{ODD}/releases/1006", None, 201),
    "new folder": ("POST", "/folders", {"name": "New [LP] 奇"}, 201),
    "rename folder": ("POST", f"/folders/{ODD}", {"name": "Even"}, 200),
    "delete folder": ("DELETE", f"/folders/{EMPTY}", None, 204),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_edit_is_sent_exactly_once(tmp_path: Path, kind: str) -> None:
    with rig(tmp_path) as made:
        before = (made.there(), made.folders_there())
        edit(made, kind)
        here = {key: row for key, row in made.here().items() if key > 0}

        made.send_all()

        assert made.writes() == [KINDS[kind]]
        assert (made.there(), made.folders_there()) != before
        assert len(made.of(Sent)) == 1
        assert here.items() <= made.there().items()
        assert made.agrees()


def test_all_thirteen_calls_are_made(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        for kind in ("rate", "note", "add", "new folder", "rename folder", "delete folder", "remove"):
            edit(made, kind)
            made.send_all()
        made.puller.look()

        root = f"/users/{OWNER}/collection"
        shapes = {
            f"{entry.method} {re.sub('[0-9]+', 'N', entry.path.removeprefix(root))}"
            for entry in made.server.log
            if entry.path.startswith(root)
        }
        assert shapes == {
            "GET /folders",
            "POST /folders",
            "GET /folders/N",
            "POST /folders/N",
            "DELETE /folders/N",
            "GET /releases/N",
            "GET /folders/N/releases",
            "POST /folders/N/releases/N",
            "POST /folders/N/releases/N/instances/N",
            "DELETE /folders/N/releases/N/instances/N",
            "GET /fields",
            "POST /folders/N/releases/N/instances/N/fields/N",
            "GET /value",
        }
        assert all(entry.status < 300 for entry in made.server.log)


def test_an_added_item_takes_its_id_from_discogs_and_its_edits_follow(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.add(unseen_release(1006), JAZZ)
        (temporary,) = made.ids("Release 1006")
        made.library.rate([temporary], 4)
        made.library.set_notes([temporary], {MEDIA: "Mint (M)"})
        made.library.move([temporary], ODD)

        made.send_all()

        item = made.library.item(temporary)
        assert item is not None
        assert made.there()[item.instance_id] == (1006, ODD, 4, {MEDIA: "Mint (M)"})
        assert len(made.writes()) == 4
        assert made.agrees()


def test_a_folder_made_here_takes_its_id_from_discogs_before_items_go_into_it(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.new_folder("Fresh")
        made.library.move([500_003], min(folder.folder_id for folder in made.library.folders()))

        made.send_all()

        assert made.state.folder(made.state.instance(500_003).folder_id).name == "Fresh"
        assert made.agrees()


def test_a_removal_undone_within_its_rest_is_never_sent(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.remove([500_003])
        assert made.library.outgoing.next()[0] is None

        made.library.undo()
        made.send_all()

        assert made.writes() == []


# --- things that moved or went elsewhere --------------------------------------------------------------------


def test_an_item_moved_elsewhere_is_rated_where_it_is_now(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.move(500_003, JAZZ)
        made.library.rate([500_003], 5)

        made.send_all()

        assert made.state.rating(1002) == 5
        assert [write[3] for write in made.writes()] == [404, 204]
        assert made.writes()[1][1].startswith(f"/folders/{JAZZ}/")
        assert made.here() == made.there()
        assert made.agrees()


def test_an_item_moved_elsewhere_gets_its_note_where_it_is_now(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.move(500_003, JAZZ)
        made.library.set_notes([500_003], {NOTES: "mine"})

        made.send_all()

        assert made.state.instance(500_003).notes[NOTES] == "mine"
        assert [write[3] for write in made.writes()] == [404, 204]
        assert made.here() == made.there()


def test_an_item_moved_elsewhere_is_removed_where_it_is_now(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.move(500_003, JAZZ)
        made.library.remove([500_003])

        made.send_all()

        assert 500_003 not in made.state.instances
        assert [write[3] for write in made.writes()] == [404, 204]
        assert made.agrees()


def test_an_item_moved_elsewhere_to_where_we_want_it_is_moved(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.move(500_003, EMPTY)
        made.library.move([500_003], EMPTY)

        made.send_all()

        assert made.of(Declined) == []
        assert len(made.of(Sent)) == 1
        assert made.agrees()


@pytest.mark.parametrize("read_between", [False, True])
def test_an_item_moved_elsewhere_to_a_third_folder_stays_there(tmp_path: Path, read_between: bool) -> None:
    with rig(tmp_path) as made:
        made.library.move([500_003], EMPTY)
        made.state.move(500_003, JAZZ)
        if read_between:
            made.puller.read_whole()

        made.send_all()

        found = conflict(made)
        assert (found.told.before, found.told.after, found.theirs) == ("奇 Odd", "Empty", "Jazz [LP]")
        assert made.state.instance(500_003).folder_id == JAZZ
        assert made.here()[500_003][1] == EMPTY
        made.library.deciding.take_theirs(found.entry.seq)
        assert made.here() == made.there()
        assert made.agrees()


def test_a_rating_that_a_reading_found_changed_elsewhere_is_not_overwritten(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 5)
        made.state.rate(1002, 1)
        made.puller.read_whole()

        made.send_all()

        found = conflict(made)
        assert (found.told.before, found.told.after, found.theirs) == ("3", "5", "1")
        assert made.writes() == []
        made.library.deciding.keep_mine(found.entry.seq)
        made.send_all()
        assert made.state.rating(1002) == 5
        assert made.agrees()


def test_a_note_that_a_reading_found_changed_elsewhere_is_not_overwritten(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.set_notes([500_001], {NOTES: "mine"})
        made.state.set_note(500_001, NOTES, "theirs")
        made.puller.read_whole()

        made.send_all()

        found = conflict(made)
        assert (found.told.after, found.theirs) == ("mine", "theirs")
        assert made.writes() == []
        made.library.deciding.take_theirs(found.entry.seq)
        assert made.here()[500_001][3][NOTES] == "theirs"
        assert made.agrees()


def test_a_value_that_was_set_to_ours_elsewhere_is_no_conflict(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 5)
        made.library.set_notes([500_001], {NOTES: "same"})
        made.state.rate(1002, 5)
        made.state.set_note(500_001, NOTES, "same")
        made.puller.read_whole()

        made.send_all()

        assert made.of(Declined) == []
        assert made.agrees()


@pytest.mark.parametrize("kind", ["rate", "move", "note"])
@pytest.mark.parametrize("read_between", [False, True])
def test_an_edit_of_an_item_removed_elsewhere_is_undone_and_told(tmp_path: Path, kind: str, read_between: bool) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        made.state.remove(500_003)
        if read_between:
            made.puller.read_whole()

        made.send_all()

        assert isinstance(declined(made).error, NotFound)
        assert made.of(Sent) == []
        assert made.wants_reading
        assert made.agrees()


@pytest.mark.parametrize("read_between", [False, True])
def test_a_removal_of_an_item_removed_elsewhere_is_done(tmp_path: Path, read_between: bool) -> None:
    with rig(tmp_path) as made:
        made.library.remove([500_003])
        made.state.remove(500_003)
        if read_between:
            made.puller.read_whole()

        made.send_all()

        assert made.of(Declined) == []
        assert made.agrees()


def test_a_release_is_rated_by_another_copy_when_the_known_one_went_elsewhere(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        third = made.state.add(JAZZ, 1001)
        made.library.rate([500_001], 2)
        made.state.remove(500_001)

        made.send_all()

        assert made.of(Declined) == []
        assert made.state.rating(1001) == 2
        assert made.writes()[-1][1] in {
            f"/folders/{JAZZ}/releases/1001/instances/{third}",
            f"/folders/{ODD}/releases/1001/instances/500002",
        }
        assert made.agrees()


def test_a_release_is_rated_by_another_copy_in_the_same_folder(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.state.move(500_002, JAZZ)
        made.puller.read_whole()
        made.library.rate([500_001], 2)
        made.state.remove(500_001)

        made.send_all()

        assert made.of(Declined) == []
        assert made.state.rating(1001) == 2
        assert made.agrees()


# --- declined -----------------------------------------------------------------------------------------------


def test_a_move_into_a_folder_deleted_elsewhere_is_undone_and_told(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.move([500_003], EMPTY)
        made.state.delete_folder(EMPTY)

        made.send_all()

        error = declined(made).error
        assert isinstance(error, Refused)
        assert "folder does not exist" in error.message
        assert made.here()[500_003][1] == ODD
        assert made.wants_reading
        assert made.agrees()


def test_an_addition_to_a_folder_deleted_elsewhere_is_undone_with_all_that_followed(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.add(unseen_release(1006), EMPTY)
        (temporary,) = made.ids("Release 1006")
        made.library.set_notes([temporary], {NOTES: "never"})
        made.library.rate([temporary], 3)
        made.state.delete_folder(EMPTY)

        made.send_all()

        assert isinstance(declined(made).error, NotFound)
        assert len(declined(made).dropped) == 3
        assert made.ids("Release 1006") == []
        assert made.agrees()


def test_a_folder_that_is_not_empty_at_discogs_is_not_even_tried(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.delete_folder(EMPTY)
        made.state.move(500_003, EMPTY)

        made.send_all()

        error = declined(made).error
        assert isinstance(error, FolderNotEmpty)
        assert (error.folder, error.count) == ("Empty", 1)
        assert made.writes() == []
        assert made.agrees()


def test_a_folder_deleted_elsewhere_is_deleted(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.delete_folder(EMPTY)
        made.state.delete_folder(EMPTY)

        made.send_all()

        assert made.of(Declined) == []
        assert made.agrees()


def test_renaming_a_folder_deleted_elsewhere_is_undone_and_told(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rename_folder(EMPTY, "Full")
        made.state.delete_folder(EMPTY)

        made.send_all()

        assert isinstance(declined(made).error, NotFound)
        assert made.agrees()


def test_a_dropdown_value_that_discogs_refuses_is_undone_with_its_reasons(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        before = made.here()
        made.library.set_notes([500_001], {MEDIA: "Near Mint (NM or M-)"})
        field = made.state.fields[MEDIA]
        object.__setattr__(field, "options", ("Mint (M)",))

        made.send_all()

        error = declined(made).error
        assert isinstance(error, Refused)
        assert error.details == ("body.value: The value is not one of the field's options.",)
        assert made.here() == before
        assert made.agrees()


def test_a_declined_edit_leaves_the_others_alone(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 5)
        made.library.set_notes([500_004], {SHELF: "C3"})
        made.state.remove(500_003)

        made.send_all()

        assert len(made.of(Declined)) == 1
        assert made.state.instance(500_004).notes == {SHELF: "C3"}


def test_an_edit_taken_back_before_it_goes_is_not_sent(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 5)
        entry, _ = made.library.outgoing.next()
        assert entry is not None
        made.library.undo()

        made.sender.send(entry)

        assert made.writes() == []
        assert made.of(Sent) == []


# --- who we are ---------------------------------------------------------------------------------------------


def waits_unharmed(made: Rig, server: DemoServer, count: int) -> bool:
    """Whether everything still waits to be sent, and nothing was told to be declined."""
    states = {entry.state for entry in made.library._core.view.pending.values()}
    return made.library.waiting_count() == count and states <= {State.WAITING, State.BLOCKED} and not made.of(Declined)


def test_a_revoked_token_holds_everything_and_loses_nothing(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 5)
        made.library.add(unseen_release(1006), JAZZ)
        made.library.remove([500_006])
        made.send_one()
        account = made.server._accounts[made.server.token]
        made.server.revoke_token()

        assert isinstance(made.send_one(), NotLoggedIn)

        assert waits_unharmed(made, made.server, 2)
        made.server._accounts[made.server.token] = account
        made.send_all()
        assert len(made.writes()) == 3
        assert made.agrees()


@pytest.mark.parametrize("kind", KINDS)
def test_the_token_of_somebody_else_declines_nothing(tmp_path: Path, kind: str) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        made.clock.now += 60
        account = made.server._accounts[made.server.token]
        made.server._accounts[made.server.token] = made.server.users["stranger"]

        assert isinstance(made.send_one(), NotLoggedIn)

        assert waits_unharmed(made, made.server, 1)
        made.server._accounts[made.server.token] = account
        made.send_all()
        assert made.agrees()


@pytest.mark.parametrize("kind", KINDS)
def test_a_renamed_account_declines_nothing_and_takes_nothing_for_done(tmp_path: Path, kind: str) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        made.clock.now += 60
        made.state.username = "digger.of.crates"
        made.server.users = {"digger.of.crates": made.state}

        assert isinstance(made.send_one(), NotLoggedIn)

        assert waits_unharmed(made, made.server, 1)


# --- faults -------------------------------------------------------------------------------------------------


def test_too_fast_in_the_middle_is_waited_out(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        for kind in KINDS:
            if kind not in ("unrate", "move", "remove"):
                edit(made, kind)
        made.server.fail_next(429, '{"message": "You are making requests too quickly."}', method="POST", times=3)

        made.send_all()

        assert [write[3] for write in made.writes()].count(429) == 3
        assert made.waiting.now > 1000.0
        assert made.agrees()


def test_a_change_that_always_fails_does_not_hold_up_the_others(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.set_notes([500_003], {NOTES: "<script>"})
        made.library.rate([500_004], 4)
        made.library.rate([500_006], 4)
        made.server.fail_next(403, "<html>blocked</html>", match="/instances/500003/fields", times=100)

        errors = [error for _ in range(4) if (error := made.send_one())]

        assert len(errors) == 2
        assert all(isinstance(error, ServerFault) for error in errors)
        assert (made.state.rating(1003), made.state.rating(1005)) == (4, 4)
        assert made.library.waiting_count() == 1
        made.server.faults.clear()
        made.send_all()
        assert made.agrees()


def test_a_change_that_always_fails_after_its_bytes_went_out_does_not_hold_up_the_others(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 5)
        made.library.rate([500_004], 4)
        made.server.fail_next(500, match="/instances/500003", times=100)

        for _ in range(8):
            made.send_one()
            made.clock.now += 5

        assert made.state.rating(1003) == 4
        assert made.library.waiting_count() == 1


def test_what_could_not_be_noted_as_sent_is_looked_up_first(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.add(unseen_release(1006), JAZZ)
        entry, _ = made.library.outgoing.next()
        assert entry is not None
        made.library.outgoing.noted(entry.seq, [])
        sending = made.library.outgoing.begin(entry.seq)
        assert sending is not None
        made.state.add(JAZZ, 1006)

        made.sender.send(sending)

        assert made.writes() == []
        assert made.agrees()


def test_every_outcome_tells_the_screen_what_changed(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.add(unseen_release(1006), JAZZ)
        (temporary,) = made.ids("Release 1006")
        made.events.clear()

        made.send_all()

        renamed = [event.changes.renamed for event in made.of(LibraryChanged) if event.changes.renamed]
        assert renamed == [{temporary: max(made.state.instances)}]
