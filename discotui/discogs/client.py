"""The Discogs client: one typed method for each call that the program makes.

Every address is built here from numbers and the quoted user name, never from an address in an answer. All
methods may be called from any thread; calls go out one at a time, at the pace of the throttle. All raise the
errors of :class:`discotui.errors.DiscogsError`, which methods do not repeat in their docstrings.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from discotui.credentials import Token
from discotui.discogs import models
from discotui.discogs.answers import decode
from discotui.discogs.fitting import copies_fit, fields_fit, folder_fits, folders_fit, new_folder_fits, page_fits
from discotui.discogs.shapes import without_halves
from discotui.discogs.throttle import Throttle
from discotui.discogs.transport import Transport, in_memory
from discotui.errors import BadAnswer, NotFound

if TYPE_CHECKING:
    import httpx

__all__ = ["DISCOGS", "DiscogsClient", "in_memory"]

DISCOGS = "https://api.discogs.com"
LIMIT_WITH_TOKEN = 60
LIMIT_OF_STRANGERS = 25
LARGEST_PAGE = 100
MOST_PAGES_OF_COPIES = 10

_Model = TypeVar("_Model", bound=BaseModel)


class DiscogsClient:
    """A person's, or with no token a stranger's, way to Discogs.

    ``background`` of the reading methods is for work nobody waits for: it lets all others go first and leaves
    two requests of each minute free.

    Attributes:
        throttle: Tells how many requests are left and until when we wait.
        base_url: The API's address, without a slash at the end.
        is_stranger: There is no token.
    """

    def __init__(
        self,
        token: Token | None,
        *,
        base_url: str = DISCOGS,
        transport: httpx.BaseTransport | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            token: Sent in a header, to ``base_url`` only.
            base_url: https, or http on loopback.
            transport: Takes the place of the network: the demo, or a test's.
            throttle: Made here when not given, for 60 requests a minute with a token and 25 without.

        Raises:
            BadSetting: ``base_url``, or a proxy or certificates named by the environment, cannot be used.
        """
        self.is_stranger = token is None
        self.throttle = throttle or Throttle(LIMIT_OF_STRANGERS if self.is_stranger else LIMIT_WITH_TOKEN)
        self._transport = Transport(token, base_url, transport, self.throttle)
        self.base_url = self._transport.base_url

    @property
    def looks_like_stranger(self) -> bool:
        """There is a token, but the last answer that told a limit told that of strangers: it may have died.

        A sign only. It may also be that so little is what this owner is allowed.
        """
        return not self.is_stranger and self.throttle.limit == LIMIT_OF_STRANGERS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def stop(self) -> None:
        """Break off all waiting and let no further request out: those calls raise Interrupted.

        A request under way is not touched, its outcome matters. Stops a shared throttle for all who share it.
        """
        self.throttle.stop()

    def break_off(self) -> None:
        """End the request under way too: its outcome is then unknown, and has to be read the next time."""
        self._transport.break_off()

    def close(self) -> None:
        """Close the connections; later calls raise Interrupted."""
        self._transport.close()

    # --- who, and what there is -------------------------------------------------------------------------

    def identity(self, *, background: bool = False) -> models.Identity:
        """Whose token it is."""
        return self._get(models.Identity, "/oauth/identity", background=background)

    def folders(self, user: str, *, background: bool = False) -> tuple[models.WireFolder, ...]:
        """All folders; strangers are shown folder 0 alone."""
        answer = self._get(models.WireFolders, _collection(user, "folders"), background=background)
        return folders_fit(answer.folders)

    def folder(self, user: str, folder_id: int, *, background: bool = False) -> models.WireFolder:
        """One folder, with its current count."""
        folder = self._get(models.WireFolder, _folder(user, folder_id), background=background)
        return folder_fits(folder, folder_id)

    def fields(self, user: str, *, background: bool = False) -> tuple[models.WireField, ...]:
        """The notes fields; strangers are shown the public ones."""
        return fields_fit(self._get(models.WireFields, _collection(user, "fields"), background=background).fields)

    def value(self, user: str, *, background: bool = False) -> models.WireValue:
        """What Discogs thinks the collection is worth; for its owner only."""
        return self._get(models.WireValue, _collection(user, "value"), background=background)

    def items(
        self,
        user: str,
        folder_id: int,
        *,
        page: int = 1,
        per_page: int = LARGEST_PAGE,
        sort: str = "added",
        sort_order: str = "desc",
        background: bool = False,
    ) -> models.ItemsPage:
        """One page of a folder. The default order keeps pages stable while items come and go.

        Args:
            user: Whose collection.
            folder_id: 0 for all; strangers may see no other.
            page: From 1; NotFound past the end.
            per_page: At most 100, more is clamped by the server.
            sort: label, artist, title, catno, format, rating, added or year.
            sort_order: asc or desc.
            background: See the class.
        """
        answer = self._get(
            models.ItemsPage,
            f"{_folder(user, folder_id)}/releases",
            {"page": page, "per_page": per_page, "sort": sort, "sort_order": sort_order},
            background=background,
        )
        return page_fits(answer, page)

    def instances(self, user: str, release_id: int, *, background: bool = False) -> tuple[models.WireItem, ...]:
        """All copies of a release, whatever their folder; () when there is none.

        This is the truth to ask after a lost answer, so it is told whole or not at all: copies that are not as many
        as they are said to be, or are more than ten pages, are a BadAnswer.
        """
        path = _collection(user, f"releases/{_id(release_id)}")
        found: dict[int, models.WireItem] = {}
        for number in range(1, MOST_PAGES_OF_COPIES + 1):
            query = {"page": number, "per_page": LARGEST_PAGE}
            page = page_fits(self._get(models.ItemsPage, path, query, background=background), number)
            found |= {item.instance_id: item for item in page.releases}
            if number >= page.pagination.pages:
                return copies_fit(list(found.values()), release_id, page.pagination.items)
        raise BadAnswer(f"release {release_id}: more pages of copies than can be")

    def release(self, release_id: int, *, background: bool = False) -> models.WireRelease:
        """Everything about a release."""
        return self._get(models.WireRelease, f"/releases/{_id(release_id)}", background=background)

    def search(
        self,
        query: str = "",
        *,
        barcode: str = "",
        catno: str = "",
        artist: str = "",
        title: str = "",
        page: int = 1,
        per_page: int = 50,
        background: bool = False,
    ) -> models.SearchPage:
        """Find releases in the database; what is "" is not asked for. Discogs wants a token for this."""
        words = {"q": query, "barcode": barcode, "catno": catno, "artist": artist, "release_title": title}
        asked = {name: without_halves(text) for name, text in words.items() if text}
        return self._get(
            models.SearchPage,
            "/database/search",
            {**asked, "type": "release", "page": page, "per_page": per_page},
            background=background,
        )

    # --- folders ----------------------------------------------------------------------------------------

    def create_folder(self, user: str, name: str) -> models.WireFolder:
        """Make a folder. Never repeat it blindly: see ``may_have_happened`` of the error."""
        answer = self._transport.send("POST", _collection(user, "folders"), body={"name": name})
        return new_folder_fits(decode(answer, models.WireFolder))

    def rename_folder(self, user: str, folder_id: int, name: str) -> models.WireFolder:
        """Give a folder another name; Discogs refuses that for 0 and 1."""
        answer = self._transport.send("POST", _folder(user, folder_id), body={"name": name})
        return folder_fits(decode(answer, models.WireFolder), folder_id, changed=True)

    def delete_folder(self, user: str, folder_id: int) -> None:
        """Delete an empty folder; Discogs refuses that for 0, 1 and folders that hold something."""
        self._write("DELETE", _folder(user, folder_id))

    # --- items ------------------------------------------------------------------------------------------

    def add(self, user: str, folder_id: int, release_id: int) -> models.AddedInstance:
        """Put a release into a folder other than 0. Each call makes another copy: never repeat it blindly."""
        path = f"{_folder(user, folder_id)}/releases/{_id(release_id)}"
        return decode(self._transport.send("POST", path), models.AddedInstance)

    def rate(self, user: str, folder_id: int, release_id: int, instance_id: int, rating: int) -> None:
        """Set the rating, 0 for none; Discogs sets it for all copies of the release.

        Args:
            user: The owner.
            folder_id: Where the item is; NotFound when it is elsewhere.
            release_id: Of the item.
            instance_id: Of the item.
            rating: 0 to 5.
        """
        self._write("POST", _instance(user, folder_id, release_id, instance_id), {"rating": rating})

    def move(self, user: str, folder_id: int, release_id: int, instance_id: int, to_folder_id: int) -> None:
        """Move an item.

        Args:
            user: The owner.
            folder_id: Where the item is; NotFound when it is elsewhere.
            release_id: Of the item.
            instance_id: Of the item.
            to_folder_id: Where it goes; Refused when there is no such folder.
        """
        body = {"folder_id": int(_id(to_folder_id))}
        self._write("POST", _instance(user, folder_id, release_id, instance_id), body)

    def remove(self, user: str, folder_id: int, release_id: int, instance_id: int) -> None:
        """Remove an item for good, with its notes. NotFound when it is not in that folder (or nowhere)."""
        self._write("DELETE", _instance(user, folder_id, release_id, instance_id))

    def set_field(  # noqa: PLR0917 - an item is named by all of these, as in its address
        self, user: str, folder_id: int, release_id: int, instance_id: int, field_id: int, value: str
    ) -> None:
        """Set a notes field, "" to clear it.

        Args:
            user: The owner.
            folder_id: Where the item is; NotFound when it is elsewhere.
            release_id: Of the item.
            instance_id: Of the item.
            field_id: Refused when there is no such field.
            value: For a dropdown one of its options, else Refused.
        """
        path = f"{_instance(user, folder_id, release_id, instance_id)}/fields/{_id(field_id)}"
        self._write("POST", path, {"value": value})

    # --- all of them ------------------------------------------------------------------------------------

    def _get(
        self,
        model: type[_Model],
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        background: bool,
    ) -> _Model:
        return decode(self._transport.send("GET", path, params=params, background=background), model)

    def _write(self, method: str, path: str, body: Mapping[str, str | int] | None = None) -> None:
        """A change whose success is told by the status alone, unless somebody between us and Discogs told it."""
        answer = self._transport.send(method, path, body=body, body_matters=False)
        if answer.is_page:
            raise BadAnswer("a page in place of an answer", may_have_happened=True)


def _id(number: int) -> str:
    """A number as part of an address.

    Raises:
        ValueError: Not a number that Discogs has given: an item or folder that it has not confirmed yet.
    """
    if isinstance(number, bool) or number < 0:
        raise ValueError(f"no id of Discogs: {number!r}")
    return f"{number:d}"


def _collection(user: str, rest: str) -> str:
    if user.strip() in ("", ".", ".."):
        # Dots would be taken as steps in the path, and lead to another call than the one meant.
        raise NotFound("no such user")
    return f"/users/{quote(without_halves(user), safe='')}/collection/{rest}"


def _folder(user: str, folder_id: int) -> str:
    return _collection(user, f"folders/{_id(folder_id)}")


def _instance(user: str, folder_id: int, release_id: int, instance_id: int) -> str:
    return f"{_folder(user, folder_id)}/releases/{_id(release_id)}/instances/{_id(instance_id)}"
