"""After a damaged file: what waits is sent, each item being asked for first, and nothing unknown is taken for gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from discotui.library.library import Library
from discotui.sync.reading import unseen_release
from tests.demo_data import EMPTY, JAZZ, NOTES, ODD
from tests.sync.rig import Rig, When, rig


@pytest.fixture
def after_damage(tmp_path: Path) -> Iterator[Rig]:
    """A rig whose library was read, edited, damaged, and has lost all its items."""
    with rig(tmp_path) as made:
        edit(made.library)
        made.library.close()
        lose_items(made.path)
        made.restart()
        assert made.library.salvaged is not None
        assert made.library.salvaged.waiting == made.library.waiting_count() == 6
        yield made


def edit(library: Library) -> None:
    library.rate([500_003], 5)
    library.set_notes([500_004], {NOTES: "[/x] kept"})
    library.move([500_005], EMPTY)
    library.remove([500_006])
    library.add(unseen_release(1006), ODD)
    library.new_folder("Fresh")


def lose_items(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DELETE FROM item; DROP TABLE step;")


def is_done(made: Rig) -> bool:
    state = made.state
    return (
        state.rating(1002) == 5
        and state.instance(500_004).notes == {NOTES: "[/x] kept"}
        and state.instance(500_005).folder_id == EMPTY
        and 500_006 not in state.instances
        and len(state.instances_of(1006)) == 1
        and list(state.folder_names.values()).count("Fresh") == 1
    )


def test_what_waits_is_sent_although_nothing_was_read_yet(after_damage: Rig) -> None:
    after_damage.send_all()
    assert is_done(after_damage)
    assert len(after_damage.writes()) == 6
    assert after_damage.agrees()


def test_what_was_changed_elsewhere_before_anything_is_read_is_not_overwritten(after_damage: Rig) -> None:
    after_damage.clock.now += 60
    after_damage.state.set_note(500_004, NOTES, "theirs")
    after_damage.send_all()
    assert after_damage.state.instance(500_004).notes == {NOTES: "theirs"}
    assert after_damage.library.deciding.counts().conflicts == 1


def test_what_is_gone_before_anything_is_read_is_told(after_damage: Rig) -> None:
    after_damage.state.remove(500_003)
    after_damage.state.remove(500_006)
    after_damage.send_all()
    assert [past.told.after for past in after_damage.library.deciding.failed()] == ["5"]
    assert after_damage.agrees()


def test_what_is_gone_after_a_whole_reading_is_gone(after_damage: Rig) -> None:
    after_damage.state.remove(500_003)
    after_damage.state.remove(500_006)
    after_damage.puller.read_whole()
    after_damage.send_all()
    assert after_damage.library.waiting_count() == 0
    assert after_damage.agrees()


def test_what_was_changed_elsewhere_meanwhile_is_not_overwritten(after_damage: Rig) -> None:
    after_damage.state.rate(1002, 1)
    elsewhere = next(folder for folder in (JAZZ, ODD) if folder != after_damage.state.instance(500_005).folder_id)
    after_damage.state.move(500_005, elsewhere)
    after_damage.puller.read_whole()
    after_damage.send_all()
    assert after_damage.state.rating(1002) == 1
    assert after_damage.state.instance(500_005).folder_id == elsewhere


@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER])
def test_what_was_under_way_when_the_file_was_damaged_happens_once(tmp_path: Path, when: When) -> None:
    with rig(tmp_path) as made:
        made.library.add(unseen_release(1006), ODD)
        made.library.rate([500_003], 5)
        made.line.breaks(when, method="POST")
        made.send_one()
        made.library.close()
        lose_items(made.path)
        made.restart()
        assert made.library.salvaged is not None
        made.clock.now += 3600
        made.send_all()
        made.puller.read_whole()
        made.send_all()
        assert len(made.state.instances_of(1006)) == 1
        assert made.state.rating(1002) == 5
        assert made.agrees()
