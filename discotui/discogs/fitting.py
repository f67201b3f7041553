"""Whether an answer fits the question that was asked, and itself.

An answer can be read and still be wrong: the page of another question, a list that is shorter than its own count, a
single list in place of a page. Taken over, each of these would tell that items are gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from discotui.discogs.models import ItemsPage, Pagination, WireField, WireFolder, WireItem
from discotui.errors import BadAnswer

ALL_FOLDER = 0
LAST_FIXED_FOLDER = 1


def page_fits(page: ItemsPage, number: int) -> ItemsPage:
    """The page, when it is the one asked for and holds as many items as it says.

    Args:
        page: As answered.
        number: From 1.

    Raises:
        BadAnswer: It is another one, or contradicts itself.
    """
    told = page.pagination
    if told.page != number:
        raise BadAnswer("another page than the one asked for")
    is_empty = not told.pages and not told.items
    if not told.per_page or (told.pages != pages_of(told) and not is_empty):
        raise BadAnswer("the pagination contradicts itself")
    if len(page.releases) != rows_of(told):
        raise BadAnswer("not as many items as the pagination says")
    _once(item.instance_id for item in page.releases)
    return page


def pages_of(pagination: Pagination) -> int:
    """How many pages so many items make; none make one, which is empty."""
    return max(1, -(-pagination.items // pagination.per_page))


def rows_of(pagination: Pagination) -> int:
    """How many items the page has to hold."""
    before = (pagination.page - 1) * pagination.per_page
    return max(0, min(pagination.per_page, pagination.items - before))


def copies_fit(copies: Sequence[WireItem], release_id: int, total: int) -> tuple[WireItem, ...]:
    """The copies, when they are all of that release and as many as there are said to be.

    Raises:
        BadAnswer: They are not.
    """
    if len(copies) != total:
        raise BadAnswer(f"release {release_id}: not as many copies as the pagination says")
    if any(copy.release_id != release_id for copy in copies):
        raise BadAnswer(f"release {release_id}: copies of another one")
    return tuple(copies)


def folders_fit(folders: Sequence[WireFolder]) -> tuple[WireFolder, ...]:
    """The folders, when All is among them, as it is for everybody, and none is there twice.

    Raises:
        BadAnswer: It is not, or one is.
    """
    _once(folder.id for folder in folders)
    if all(folder.id != ALL_FOLDER for folder in folders):
        raise BadAnswer("folders: none of them is All")
    return tuple(folders)


def fields_fit(fields: Sequence[WireField]) -> tuple[WireField, ...]:
    """The notes fields, when none is there twice.

    Raises:
        BadAnswer: One is.
    """
    _once(field.id for field in fields)
    return tuple(fields)


def folder_fits(folder: WireFolder, folder_id: int, *, changed: bool = False) -> WireFolder:
    """The folder, when it is the one asked for.

    Args:
        folder: As answered.
        folder_id: Which was asked for.
        changed: The request was to change it: then that may have happened.

    Raises:
        BadAnswer: It is another one.
    """
    if folder.id != folder_id:
        raise BadAnswer("another folder than the one asked for", may_have_happened=changed)
    return folder


def new_folder_fits(folder: WireFolder) -> WireFolder:
    """The folder, when it can be a new one.

    Raises:
        BadAnswer: It is one of the two that are always there. A folder may have been made all the same.
    """
    if folder.id <= LAST_FIXED_FOLDER:
        raise BadAnswer("a new folder cannot be one of the fixed ones", may_have_happened=True)
    return folder


def _once(ids: Iterable[int]) -> None:
    listed = list(ids)
    if len(set(listed)) != len(listed):
        raise BadAnswer("something is listed twice")
