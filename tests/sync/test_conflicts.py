"""Changed here and at Discogs: neither is overwritten blindly, and the person decides."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from discotui.errors import FolderNameTaken, NotLoggedIn, UnderWay, UnknownChange
from discotui.library.deciding import Counts
from discotui.library.outbox import State
from discotui.library.outgoing import FRESH_SECONDS
from discotui.library.past import Outcome
from discotui.sync.events import LibraryChanged, Parked
from discotui.sync.push import SECONDS_BETWEEN_CHECKS
from discotui.sync.reading import unseen_release
from tests.demo_data import EMPTY, JAZZ, NOTES, ODD
from tests.sync.rig import Rig, When, rig
from tests.sync.test_lost_answers import CHANGES_ELSEWHERE
from tests.sync.test_push import KINDS, conflict, edit


def states(made: Rig) -> list[State]:
    return [standing.entry.state for standing in made.library.deciding.standing()]


def paths(made: Rig) -> list[str]:
    return [f"{entry.method} {entry.path.rpartition('/collection')[2]}?{entry.query}" for entry in made.server.log]


@pytest.mark.parametrize("kind", CHANGES_ELSEWHERE)
def test_what_was_changed_elsewhere_since_the_last_reading_is_not_overwritten(tmp_path: Path, kind: str) -> None:
    elsewhere, (base, mine, theirs) = CHANGES_ELSEWHERE[kind]
    with rig(tmp_path) as made:
        elsewhere(made)
        made.clock.now += 1
        edit(made, kind)

        made.send_all()

        found = conflict(made)
        assert (found.told.before, found.told.after, found.theirs) == (base, mine, theirs)
        assert made.writes() == []
        assert [change for event in made.of(LibraryChanged) for change in event.changes.conflicts] == [
            found.entry.change
        ]


@pytest.mark.parametrize("kind", CHANGES_ELSEWHERE)
@pytest.mark.parametrize("trouble", ["no network", "no login", "not running"])
def test_what_was_changed_elsewhere_while_nothing_could_be_sent_is_not_overwritten(
    tmp_path: Path, kind: str, trouble: str
) -> None:
    elsewhere, (base, mine, theirs) = CHANGES_ELSEWHERE[kind]
    with rig(tmp_path) as made:
        edit(made, kind)
        if trouble == "no network":
            made.line.breaks(When.BEFORE, httpx.ConnectError)
        if trouble == "no login":
            made.server.revoke_token()
        if trouble == "not running":
            made.restart()
        else:
            assert made.send_one() is not None
        elsewhere(made)
        made.server._accounts[made.server.token] = made.state
        made.clock.now += FRESH_SECONDS + 1
        made.server.log.clear()

        made.send_all()

        found = conflict(made)
        assert (found.told.before, found.told.after, found.theirs) == (base, mine, theirs)
        assert made.writes() == []
        made.library.deciding.take_theirs(found.entry.seq)
        assert made.agrees()
        assert [past.told.after for past in made.library.deciding.history()] == [mine]


@pytest.mark.parametrize("kind", CHANGES_ELSEWHERE)
def test_keeping_mine_sends_it_and_undo_brings_theirs_back(tmp_path: Path, kind: str) -> None:
    elsewhere, _ = CHANGES_ELSEWHERE[kind]
    with rig(tmp_path) as made:
        edit(made, kind)
        mine = (made.here(), made.folders_here())
        elsewhere(made)
        theirs = (made.there(), made.folders_there())
        made.puller.read_whole()

        made.library.deciding.keep_mine(conflict(made).entry.seq)
        made.send_all()

        assert (made.there(), made.folders_there()) == mine
        assert made.agrees()
        made.library.undo()
        made.send_all()
        assert (made.there(), made.folders_there()) == theirs
        assert made.agrees()


@pytest.mark.parametrize("kind", CHANGES_ELSEWHERE)
def test_taking_theirs_keeps_mine_in_the_history(tmp_path: Path, kind: str) -> None:
    elsewhere, (base, mine, theirs) = CHANGES_ELSEWHERE[kind]
    with rig(tmp_path) as made:
        edit(made, kind)
        elsewhere(made)
        made.puller.read_whole()

        made.library.deciding.take_theirs(conflict(made).entry.seq)

        assert made.agrees()
        assert made.writes() == []
        (past,) = made.library.deciding.history()
        assert (past.outcome, past.told.before, past.told.after, past.reason) == (Outcome.DROPPED, base, mine, theirs)


def test_undoing_an_edit_in_conflict_takes_theirs_and_keeps_mine_in_the_history(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.set_notes([500_003], {NOTES: "mine"})
        made.state.set_note(500_003, NOTES, "theirs")
        made.puller.read_whole()

        made.library.undo()

        assert made.agrees()
        assert [past.told.after for past in made.library.deciding.history("mine")] == ["mine"]


def test_a_conflict_ends_when_theirs_goes_back(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.rate([500_003], 5)
        made.state.rate(1002, 1)
        made.puller.read_whole()
        assert states(made) == [State.CONFLICT]
        made.state.rate(1002, 3)

        made.puller.read_whole()
        made.send_all()

        assert made.state.rating(1002) == 5
        assert made.agrees()


def test_typing_on_in_a_conflict_stays_one_conflict(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.set_notes([500_003], {NOTES: "mine"})
        made.state.set_note(500_003, NOTES, "theirs")
        made.puller.read_whole()

        made.library.set_notes([500_003], {NOTES: "mine, again"})

        found = conflict(made)
        assert (found.told.before, found.told.after, found.theirs) == ("", "mine, again", "theirs")
        made.library.set_notes([500_003], {NOTES: "theirs"})
        made.send_all()
        assert made.agrees()


def test_a_conflict_holds_up_nothing_but_what_needs_it(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.clock.now += 1
        made.library.set_notes([500_003], {NOTES: "mine"})
        made.state.set_note(500_003, NOTES, "theirs")
        made.library.rate([500_003], 5)
        made.library.rate([500_004], 4)
        made.library.remove([500_003])
        made.clock.now += 60

        made.send_all()

        assert (made.state.rating(1002), made.state.rating(1003)) == (5, 4)
        assert 500_003 in made.state.instances
        made.library.deciding.take_theirs(conflict(made).entry.seq)
        made.send_all()
        assert 500_003 not in made.state.instances
        assert made.agrees()


def test_a_removal_keeps_the_newest_notes_for_undo(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.clock.now += 1
        made.library.remove([500_003])
        made.state.set_note(500_003, NOTES, "typed on the website")
        made.clock.now += 60
        made.send_all()

        made.library.undo()
        made.send_all()

        (copy,) = made.state.instances_of(1002)
        assert copy.notes[NOTES] == "typed on the website"
        assert made.agrees()


def test_edits_of_one_page_share_its_reading(tmp_path: Path) -> None:
    with rig(tmp_path, items=60) as made:
        made.clock.now += 60
        ids = sorted(made.state.instances)[:40]
        made.library.set_notes(ids, {NOTES: "swept"})
        made.server.log.clear()

        made.send_all()

        assert len([path for path in paths(made) if path.startswith("GET")]) == 1
        assert len(made.writes()) == 40
        assert made.agrees()


def test_edits_over_several_pages_read_each_page_once(tmp_path: Path) -> None:
    with rig(tmp_path, items=350) as made:
        made.clock.now += 60
        ids = sorted(made.state.instances)
        made.library.set_notes(ids[::3] + ids[1::3] + ids[2::3], {NOTES: "swept"})
        made.server.log.clear()

        made.send_all()

        assert len([path for path in paths(made) if path.startswith("GET")]) == 4
        assert made.agrees()


def test_what_was_read_long_ago_is_read_again(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "note")
        made.clock.now += FRESH_SECONDS + 1
        made.server.log.clear()

        made.send_all()

        assert [entry.method for entry in made.server.log] == ["GET", "POST"]


@pytest.mark.parametrize("number", [1, 100, 101, 250, 349])
def test_an_item_is_found_on_its_page_whatever_came_and_went_before_it(tmp_path: Path, number: int) -> None:
    with rig(tmp_path, items=350) as made:
        instance_id = sorted(made.state.instances)[number]
        for _ in range(130):
            made.state.add(JAZZ, 1004)
        made.clock.now += 60
        made.library.set_notes([instance_id], {NOTES: "found"})
        made.state.set_note(instance_id, NOTES, "theirs")
        made.server.log.clear()

        made.send_all()

        assert conflict(made).theirs == "theirs"
        assert len(made.server.log) <= 4


def seqs_of(made: Rig, state: State) -> list[int]:
    return [standing.entry.seq for standing in made.library.deciding.standing() if standing.entry.state is state]


def in_conflict(made: Rig) -> list[int]:
    """Two ratings and a note of one edit, and of another, which were changed at Discogs too."""
    made.library.rate([500_003, 500_004, 500_006], 5)
    made.library.set_notes([500_003], {NOTES: "mine"})
    made.state.set_note(500_003, NOTES, "theirs")
    made.state.rate(1002, 1)
    made.state.rate(1003, 2)
    made.puller.read_whole()
    return seqs_of(made, State.CONFLICT)


def test_many_conflicts_are_decided_in_one_go(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        seqs = in_conflict(made)
        assert len(seqs) == 3
        theirs = made.there()

        made.library.deciding.take_theirs(seqs[0])
        changes = made.library.deciding.keep_mine(*seqs)
        made.send_all()

        assert changes.items == {500_003, 500_004}
        assert (made.state.rating(1002), made.state.rating(1003), made.state.rating(1005)) == (1, 5, 5)
        assert made.state.instances[500_003].notes[NOTES] == "mine"
        assert made.agrees()
        made.library.undo()
        made.library.undo()
        made.send_all()
        assert made.there() == theirs


def test_what_is_settled_cannot_be_decided_once_more(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        seqs = in_conflict(made)
        made.library.deciding.take_theirs(*seqs)

        for decide in (made.library.deciding.keep_mine, made.library.deciding.take_theirs, made.library.deciding.drop):
            with pytest.raises(UnknownChange):
                decide(*seqs)
        assert len(made.library.deciding.history()) == 3


def test_of_several_changes_of_one_thing_the_last_starts_from_before_those_given_up(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        for folder_id in (EMPTY, JAZZ, 1):
            made.library.move([500_003], folder_id)
            made.library.new_folder(f"after {folder_id}")
        first, _, second, _, _, _ = (standing.entry.seq for standing in made.library.deciding.standing())

        made.library.deciding.drop(first, second)

        told = [standing.told for standing in made.library.deciding.standing()]
        assert [(each.before, each.after) for each in told if each.before] == [("奇 Odd", "Uncategorized")]
        made.send_all()
        assert made.agrees()


def test_an_item_knows_what_is_in_conflict_about_it(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        in_conflict(made)

        about = {
            instance_id: [(each.told.field, each.theirs) for each in made.library.deciding.conflicts_of(instance_id)]
            for instance_id in (500_003, 500_004, 500_006, 999)
        }

        assert about == {500_003: [("", "1"), ("Notes", "theirs")], 500_004: [("", "2")], 500_006: [], 999: []}


@pytest.mark.parametrize("decision", ["keep_mine", "take_theirs", "drop", "retry"])
def test_a_decision_wakes_the_sender(tmp_path: Path, decision: str) -> None:
    with rig(tmp_path) as made:
        seqs = in_conflict(made)
        made.library.edited.clear()

        getattr(made.library.deciding, decision)(*(seqs_of(made, State.WAITING) if decision == "retry" else seqs))

        assert made.library.edited.is_set()


def test_the_history_has_another_version_only_when_it_is_another(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        deciding, versions = made.library.deciding, [made.library.deciding.history_version]
        edit(made, "rate")
        assert deciding.history_version == versions[0]
        made.server.fail_next(422, '{"message": "no"}', method="POST")
        made.send_all()
        versions.append(deciding.history_version)
        deciding.dismiss(*deciding.failed())
        versions.append(deciding.history_version)
        edit(made, "note")
        made.send_all()
        versions.append(deciding.history_version)

        assert len(set(versions)) == 4
        assert deciding.counts() == Counts()


# --- additions that nobody can find -----------------------------------------------------------------------------


def lost_for_ever(made: Rig) -> None:
    """Every addition is swallowed before the server hears of it."""
    made.line.breaks(When.BEFORE, httpx.ReadTimeout, method="POST", times=100)


def test_an_addition_that_vanishes_twice_without_a_trace_is_parked(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        made.library.rate([500_004], 4)
        made.line.breaks(When.BEFORE, httpx.ReadTimeout, method="POST", match="/releases/1006", times=100)

        made.send_all()

        assert states(made) == [State.PARKED]
        assert len(made.of(Parked)) == 1
        assert made.state.rating(1003) == 4
        assert made.library.deciding.counts() == Counts(parked=1)


def test_a_parked_addition_can_be_sent_again_and_is_looked_for_first(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        lost_for_ever(made)
        made.send_all()
        (standing,) = made.library.deciding.standing()
        made.line.accidents.clear()
        made.server.log.clear()

        made.library.deciding.retry(standing.entry.seq)
        made.send_all()

        assert [entry.method for entry in made.server.log] == ["GET", "GET", "POST"]
        assert len(made.state.instances_of(1006)) == 1
        assert made.agrees()


def test_a_parked_addition_that_arrived_very_late_is_found_and_not_sent_again(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        made.line.breaks(When.LATE, httpx.ReadTimeout, method="POST", times=2)
        made.send_all()
        (standing,) = made.library.deciding.standing()
        made.line.late = made.line.late[:1]
        made.line.deliver_late()

        made.library.deciding.retry(standing.entry.seq)
        made.send_all()

        assert len(made.state.instances_of(1006)) == 1
        assert made.agrees()


def test_a_parked_addition_given_up_takes_its_notes_with_it(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        (temporary,) = made.ids("Release 1006")
        made.library.set_notes([temporary], {NOTES: "typed"})
        lost_for_ever(made)
        made.send_all()

        made.library.deciding.drop(made.library.deciding.standing()[0].entry.seq)

        assert made.agrees()
        assert {past.outcome for past in made.library.deciding.history("typed")} == {Outcome.DROPPED}


# --- other decisions --------------------------------------------------------------------------------------------


def test_what_a_token_holds_up_is_known_and_goes_with_the_next_one(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "rate")
        account = made.server._accounts[made.server.token]
        made.server.revoke_token()

        assert isinstance(made.send_one(), NotLoggedIn)

        assert made.library.deciding.counts() == Counts(waiting=1, blocked=1)
        made.server._accounts[made.server.token] = account
        made.restart()
        assert states(made) == [State.WAITING]
        made.send_all()
        assert made.agrees()


def test_what_was_refused_stays_listed_until_it_is_tried_again(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        made.library.add(unseen_release(1006), ODD)
        (temporary,) = made.ids("Release 1006")
        made.library.set_notes([temporary], {NOTES: "typed"})
        made.server.fail_next(422, '{"message": "no"}', method="POST")
        made.send_all()
        assert made.library.deciding.counts() == Counts(failed=1)
        (past,) = made.library.deciding.failed()

        made.library.try_again(past)
        made.send_all()

        assert made.library.deciding.counts() == Counts()
        (copy,) = made.state.instances_of(1006)
        assert copy.notes == {NOTES: "typed"}
        assert made.agrees()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_edit_that_was_refused_can_be_tried_again(tmp_path: Path, kind: str) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        made.server.fail_next(422, '{"message": "no"}', method=KINDS[kind][0])
        made.send_all()
        made.restart()
        (past,) = made.library.deciding.failed()
        assert past.reason == "Refused: no"

        made.library.try_again(past)
        made.send_all()

        assert made.library.deciding.failed() == []
        assert made.writes()[-1] == KINDS[kind]
        assert made.agrees()


def test_of_several_refused_edits_those_are_tried_again_that_still_can_be(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        for kind in ("rate", "note", "new folder"):
            edit(made, kind)
        made.server.fail_next(422, '{"message": "no"}', method="POST", times=3)
        made.send_all()
        failed = made.library.deciding.failed()
        made.library.new_folder("New [LP] 奇")

        done = made.library.try_again(*failed)

        assert (done.count, done.skipped) == (2, 1)
        assert [past.told.title for past in made.library.deciding.failed()] == ["New [LP] 奇"]
        with pytest.raises(FolderNameTaken):
            made.library.try_again(*made.library.deciding.failed())
        made.send_all()
        assert made.agrees()


def test_what_was_refused_is_counted_after_a_restart_too(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "rate")
        made.server.fail_next(422, '{"message": "no"}', method="POST")
        made.send_all()

        made.restart()

        assert made.library.deciding.counts() == Counts(failed=1)


def test_a_resting_removal_can_be_sent_at_once(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "remove")
        assert made.library.outgoing.next()[0] is None

        made.library.outgoing.send_at_once()

        assert made.library.outgoing.next()[0] is not None


def test_what_is_under_way_cannot_be_given_up(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "rate")
        made.line.breaks(When.AFTER, method="POST")
        made.send_one()
        (standing,) = made.library.deciding.standing()

        with pytest.raises(UnderWay):
            made.library.deciding.drop(standing.entry.seq)
        with pytest.raises(UnderWay):
            made.library.deciding.retry(standing.entry.seq)
        with pytest.raises(UnknownChange):
            made.library.deciding.keep_mine(standing.entry.seq)
        made.clock.now += SECONDS_BETWEEN_CHECKS
        made.send_all()
        assert made.agrees()


def test_the_history_tells_what_was_sent_from_what_to_what_and_is_searched(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        for kind in KINDS:
            if kind != "unrate":
                edit(made, kind)
        made.send_all()

        told = {(past.told.field, past.told.before, past.told.after) for past in made.library.deciding.history()}

        assert {("", "3", "5"), ("Notes", "", "Ä [b] ♥\nsecond"), ("", "奇 Odd", "Even")} <= told
        assert [past.told.after for past in made.library.deciding.history("SECOND a")] == ["Ä [b] ♥\nsecond"]
        assert made.library.deciding.history("nowhere") == []
