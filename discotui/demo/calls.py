"""The calls themselves: what each address does, once it is known who asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any

from discotui.demo import refusals, shapes
from discotui.demo.catalogue import search
from discotui.demo.state import ALL, HIGHEST_RATING, CollectionState, check_folder_name, check_rating
from discotui.demo.wire import Reply, Request, page_of


class Access(Enum):
    """Who may make a call."""

    ANYONE = "anyone, with or without a token"
    MEMBER = "anyone with a token"
    VIEWER = "anyone if the collection is public; only the owner sees other folders than 0"
    OWNER = "the owner"


@dataclass(frozen=True)
class Call:
    """A request that was let in.

    Attributes:
        viewer: The account of the token, None for a stranger without one.
        state: The account that the address names, or else the viewer's, or else the sample's.
        numbers: The integers of the address by name: folder, release, instance, field.
    """

    request: Request
    viewer: CollectionState | None
    state: CollectionState
    numbers: Mapping[str, int]

    @property
    def is_owner(self) -> bool:
        """Whether people look at their own collection."""
        return self.viewer is self.state

    def check(self, access: Access) -> None:
        """Raise unless this viewer may make a call of that kind.

        Calls that change something, and the value, ask strangers for a token (401); what only the right
        account can look at is refused alike with the wrong token and with none (403).
        """
        if access in (Access.MEMBER, Access.OWNER) and self.viewer is None:
            raise refusals.no_token()
        if access is Access.OWNER and not self.is_owner:
            raise refusals.not_the_owner()
        hidden = self.state.private or self.numbers.get("folder", ALL) != ALL
        if access is Access.VIEWER and hidden and not self.is_owner:
            raise refusals.not_the_owner()


Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class Route:
    """One address and its methods."""

    pattern: re.Pattern[str]
    methods: Mapping[str, tuple[Access, Handler]]


# --- folders --------------------------------------------------------------------------------------------


def _list_folders(call: Call) -> Reply:
    rows = [row for row in call.state.folders() if call.is_owner or row.folder_id == ALL]
    return Reply.of_json({"folders": [shapes.folder(row, call.state, call.request.base_url) for row in rows]})


def _show_folder(call: Call) -> Reply:
    return _folder_reply(call, call.numbers["folder"], HTTPStatus.OK)


def _create_folder(call: Call) -> Reply:
    folder_id = call.state.create_folder(_text(call, "name"))
    return _folder_reply(call, folder_id, HTTPStatus.CREATED)


def _rename_folder(call: Call) -> Reply:
    folder_id = call.numbers["folder"]
    call.state.rename_folder(folder_id, _text(call, "name"))
    return _folder_reply(call, folder_id, HTTPStatus.OK)


def _delete_folder(call: Call) -> Reply:
    call.state.delete_folder(call.numbers["folder"])
    return Reply.nothing()


def _folder_reply(call: Call, folder_id: int, status: HTTPStatus) -> Reply:
    row = call.state.folder(folder_id)
    return Reply.of_json(shapes.folder(row, call.state, call.request.base_url), status)


# --- items ----------------------------------------------------------------------------------------------


def _list_items(call: Call) -> Reply:
    query = call.request.query
    items = call.state.items(call.numbers["folder"])
    rows = shapes.in_order(items, call.state, query.get("sort", "added"), query.get("sort_order", "asc"))
    return _items_reply(call, rows, with_notes=True)


def _list_copies(call: Call) -> Reply:
    return _items_reply(call, call.state.instances_of(call.numbers["release"]), with_notes=False)


def _items_reply(call: Call, rows: list[Any], *, with_notes: bool) -> Reply:
    page, pagination = page_of(rows, call.request)
    items = [
        shapes.item(row, call.state, call.request.base_url, is_owner=call.is_owner, with_notes=with_notes)
        for row in page
    ]
    return Reply.of_json({"pagination": pagination, "releases": items})


def _add_item(call: Call) -> Reply:
    folder_id, release_id = call.numbers["folder"], call.numbers["release"]
    instance_id = call.state.add(folder_id, release_id)
    folder_url = f"{call.request.base_url}/users/{call.state.username}/collection/folders/{folder_id}"
    content = {
        "instance_id": instance_id,
        "resource_url": f"{folder_url}/releases/{release_id}?instance_id={instance_id}",
    }
    return Reply.of_json(content, HTTPStatus.CREATED)


def _change_item(call: Call) -> Reply:
    instance_id = _addressed_item(call)
    body = call.request.json_object()
    rating, folder_id = _optional_int(body, "rating"), _optional_int(body, "folder_id")
    if rating is None and folder_id is None:
        raise refusals.invalid(["body"], "Either rating or folder_id is required.", "value_error.missing")
    # Both are checked before either is done: a refused call changes nothing.
    if rating is not None:
        check_rating(rating)
    if folder_id is not None:
        call.state.check_target(folder_id)
        call.state.move(instance_id, folder_id)
    if rating is not None:
        call.state.rate(call.numbers["release"], rating)
    return Reply.nothing()


def _remove_item(call: Call) -> Reply:
    call.state.remove(_addressed_item(call))
    return Reply.nothing()


def _set_note(call: Call) -> Reply:
    instance_id = _addressed_item(call)
    call.state.set_note(instance_id, call.numbers["field"], _text(call, "value"))
    return Reply.nothing()


def _addressed_item(call: Call) -> int:
    """The item of the address, if it is where the address says. Nothing is in folder 0."""
    item = call.state.instance(call.numbers["instance"])
    if (item.folder_id, item.release_id) != (call.numbers["folder"], call.numbers["release"]):
        raise refusals.unknown_item()
    return item.instance_id


def _optional_int(body: Mapping[str, Any], key: str) -> int | None:
    number = body.get(key)
    if key not in body:
        return None
    if not isinstance(number, int) or isinstance(number, bool):
        highest = f" between 0 and {HIGHEST_RATING}" if key == "rating" else ""
        raise refusals.invalid(["body", key], f"A whole number{highest} is required.", "type_error.integer")
    return number


def _text(call: Call, key: str) -> str:
    """A text of the JSON body. Parameters of the query are not looked at, whatever the documentation says."""
    body = call.request.json_object()
    if key not in body:
        raise refusals.invalid(["body", key], "This value is required.", "value_error.missing")
    text = body[key]
    if not isinstance(text, str):
        raise refusals.invalid(["body", key], "A text is required.", "type_error.str")
    if key == "name":
        check_folder_name(text)
    return text


# --- the rest -------------------------------------------------------------------------------------------


def _list_fields(call: Call) -> Reply:
    fields = sorted(call.state.fields.values(), key=lambda entry: (entry.position, entry.field_id))
    shown = [shapes.notes_field(entry) for entry in fields if call.is_owner or entry.public]
    return Reply.of_json({"fields": shown})


def _value(call: Call) -> Reply:
    return Reply.of_json(shapes.value(call.state))


def _identity(call: Call) -> Reply:
    return Reply.of_json(shapes.identity(call.state, call.request.base_url))


def _profile(call: Call) -> Reply:
    shown = call.is_owner or not call.state.private
    return Reply.of_json(shapes.profile(call.state, call.request.base_url, shows_collection=shown))


def _wants(call: Call) -> Reply:
    nothing: list[shapes.Json] = []
    page, pagination = page_of(nothing, call.request)
    return Reply.of_json({"pagination": pagination, "wants": page})


def _show_release(call: Call) -> Reply:
    release = call.state.releases.get(call.numbers["release"])
    if release is None:
        raise refusals.unknown_release()
    return Reply.of_json(shapes.release(release, call.request.base_url))


def _search(call: Call) -> Reply:
    page, pagination = page_of(search(call.state.releases, call.request.query), call.request)
    results = [shapes.search_result(release, call.request.base_url) for release in page]
    return Reply.of_json({"pagination": pagination, "results": results})


def _welcome(_call: Call) -> Reply:
    return Reply.of_json({"hello": "This is the demo server of discotui.", "api_version": "v2"})


def _route(template: str, **methods: tuple[Access, Handler]) -> Route:
    pattern = template.replace("{user}", "(?P<user>[^/]+)")
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[0-9]{1,18})", pattern)
    return Route(re.compile(pattern), methods)


_COLLECTION = "/users/{user}/collection"
_INSTANCE = _COLLECTION + "/folders/{folder}/releases/{release}/instances/{instance}"

ROUTES = (
    _route("/", GET=(Access.ANYONE, _welcome)),
    _route("/oauth/identity", GET=(Access.MEMBER, _identity)),
    _route("/releases/{release}", GET=(Access.ANYONE, _show_release)),
    _route("/database/search", GET=(Access.MEMBER, _search)),
    _route("/users/{user}", GET=(Access.ANYONE, _profile)),
    _route("/users/{user}/wants", GET=(Access.ANYONE, _wants)),
    _route(_COLLECTION + "/folders", GET=(Access.VIEWER, _list_folders), POST=(Access.OWNER, _create_folder)),
    _route(
        _COLLECTION + "/folders/{folder}",
        GET=(Access.VIEWER, _show_folder),
        POST=(Access.OWNER, _rename_folder),
        DELETE=(Access.OWNER, _delete_folder),
    ),
    _route(_COLLECTION + "/folders/{folder}/releases", GET=(Access.VIEWER, _list_items)),
    _route(_COLLECTION + "/folders/{folder}/releases/{release}", POST=(Access.OWNER, _add_item)),
    _route(_INSTANCE, POST=(Access.OWNER, _change_item), DELETE=(Access.OWNER, _remove_item)),
    _route(_INSTANCE + "/fields/{field}", POST=(Access.OWNER, _set_note)),
    _route(_COLLECTION + "/releases/{release}", GET=(Access.VIEWER, _list_copies)),
    _route(_COLLECTION + "/fields", GET=(Access.VIEWER, _list_fields)),
    _route(_COLLECTION + "/value", GET=(Access.OWNER, _value)),
)
