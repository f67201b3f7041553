"""The program with a grave mistake in it, three times: each must be caught, or the tests would prove nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from discotui.discogs.models import ItemsPage
from discotui.errors import DiscogsError
from discotui.library import edits
from discotui.library.core import Changes, Core
from discotui.library.edits import AddItem, NewFolder
from discotui.library.incoming import Reading
from discotui.library.items import Item
from discotui.library.outbox import Pending
from discotui.library.outgoing import Outgoing
from discotui.sync.pull import Puller
from discotui.sync.push import Sender


class RepeatsNaively(Sender):
    """What makes something new is simply sent again when its answer was lost."""

    def _settle_creation(self, entry: Pending, change: AddItem | NewFolder) -> None:
        self._outgoing.not_sent(entry.seq)


@contextmanager
def naive_repeat() -> Iterator[None]:
    """Rigs send by :class:`RepeatsNaively`."""
    with patch("tests.sync.rig.Sender", RepeatsNaively):
        yield


class OverwritesBlindly(Sender):
    """Values are set without a look at what is there."""

    def _prepare(self, entry: Pending) -> bool:
        return False if isinstance(entry.change, edits.Absolute) else super()._prepare(entry)


@contextmanager
def blind_overwrite() -> Iterator[None]:
    """Rigs send by :class:`OverwritesBlindly`, and nothing is compared."""

    def has(outgoing: Outgoing, change: edits.Absolute) -> bool:
        return outgoing._core.view.there(change) == change.value

    with (
        patch("tests.sync.rig.Sender", OverwritesBlindly),
        patch.object(Core, "judge", lambda core, pending: Changes()),
        patch.object(Outgoing, "has", has),
    ):
        yield


class PublishesWhatItHas(Puller):
    """What was read before a fault is taken for all there is."""

    def read_whole(self) -> None:
        self._read: dict[int, Item] = {}
        try:
            super().read_whole()
        except DiscogsError:
            core = self._incoming._core
            folders, fields = list(core.view.snapshot_folders.values()), list(core.fields.values())
            self._incoming.publish(Reading(self._read, folders, fields, None))
            raise

    def _items(self, page: ItemsPage) -> list[Item]:
        items = super()._items(page)
        self._read.update((item.instance_id, item) for item in items)
        return items


@contextmanager
def partial_pull() -> Iterator[None]:
    """Rigs read by :class:`PublishesWhatItHas`."""
    with patch("tests.sync.rig.Puller", PublishesWhatItHas):
        yield
