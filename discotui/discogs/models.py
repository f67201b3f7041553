"""The answers of Discogs as they are on the wire, in every shape seen in real data.

What a client needs is declared, the rest is ignored: addresses in answers above all (except those of
pictures). Ids, ratings and notes must be right, or the answer is refused; a strange text or year is read as well
as it can be, so that one odd record does not hide a page of a hundred.

Parse with ``model_validate_json`` straight from the bytes: going by way of ``json.loads`` takes half as long
again.
"""

from __future__ import annotations

from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, FailFast, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from discotui.discogs.shapes import (
    Average,
    Count,
    CountOrNull,
    Flag,
    FolderId,
    Id,
    NoteText,
    OrAbsent,
    Rating,
    Text,
    Texts,
    Year,
    null_is,
)

_Part = TypeVar("_Part")

Parts = Annotated[tuple[_Part, ...], FailFast(), null_is(())]
"""A list of records; null is an empty one."""


class Wire(BaseModel):
    """Base of all: immutable, blind to what is not declared."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True)


class Identity(Wire):
    """Whose token it is."""

    id: Id
    username: Annotated[str, Field(min_length=1)]


class Pagination(Wire):
    """Where a page stands among its kind; ``items`` is the total over all pages."""

    page: Count
    pages: Count
    per_page: Count
    items: Count


class WireFolder(Wire):
    """A folder of the collection."""

    id: FolderId
    name: Text = ""
    count: CountOrNull = 0


class WireFolders(Wire):
    """Call 1. Strangers are shown folder 0 alone."""

    folders: Annotated[tuple[WireFolder, ...], FailFast()]


class WireField(Wire):
    """A notes field. ``options`` is empty for textareas, ``lines`` 0 for dropdowns."""

    id: Id
    name: Text = ""
    type: Text = ""
    position: CountOrNull = 0
    public: Flag = False
    options: Texts = ()
    lines: CountOrNull = 0


class WireFields(Wire):
    """Call 11. Strangers are shown the public ones."""

    fields: Annotated[tuple[WireField, ...], FailFast()]


class WireValue(Wire):
    """Call 13: texts in the account's currency, such as "$25,064.93"."""

    minimum: Text = ""
    median: Text = ""
    maximum: Text = ""


class AddedInstance(Wire):
    """Call 8: the new item."""

    instance_id: Id


class WireArtist(Wire):
    """An artist in a credit.

    ``name`` may end in "(3)" to tell namesakes apart; ``anv`` is the name as printed on this release, "" when
    it is the same; ``join`` stands before the next artist, and is often set on the last one too.
    """

    name: Text = ""
    anv: Text = ""
    join: Text = ""


class WireCredit(WireArtist):
    """Somebody who took part: ``role`` as "Written-By", ``tracks`` as "A1 to B2", "" for all."""

    role: Text = ""
    tracks: Text = ""


class WireLabel(Wire):
    """A label and its catalogue number, "none" where there is none."""

    name: Text = ""
    catno: Text = ""


class WireCompany(WireLabel):
    """A company, with what it did as ``entity_type_name``."""

    entity_type_name: Text = ""


class WireFormat(Wire):
    """A medium: name "Vinyl", ``qty`` a text such as "2", ``text`` free ("Blue vinyl", stray spaces kept)."""

    name: Text = ""
    qty: Text = ""
    descriptions: Texts = ()
    text: Text = ""


class WireNote(Wire):
    """One notes value. The field may be one that call 11 does not list, the value none of its options.

    A value that is null or missing is refused: read as "", it would take a note away.
    """

    field_id: Id
    value: NoteText


class WireBasicInformation(Wire):
    """The release of an item.

    ``cover_image`` and ``thumb`` are signed addresses of another host: never to be asked with the token.
    """

    title: Text = ""
    year: Year = 0
    artists: Parts[WireArtist] = ()
    labels: Parts[WireLabel] = ()
    formats: Parts[WireFormat] = ()
    genres: Texts = ()
    styles: Texts = ()
    master_id: CountOrNull = 0
    thumb: Text = ""
    cover_image: Text = ""


class WireItem(Wire):
    """One copy in the collection.

    ``folder_id`` is None where a public or old answer did not tell. ``notes`` is None where the answer has none,
    because there are none or the view does not show them: only who asked knows which; null is refused, as Discogs
    does not send it.
    """

    instance_id: Id
    release_id: Id = Field(alias="id")
    folder_id: FolderId | None = None
    rating: Rating
    date_added: Text = ""
    notes: Annotated[tuple[WireNote, ...] | None, OrAbsent()] = None
    basic_information: WireBasicInformation


class ItemsPage(Wire):
    """Calls 6 and 7.

    A bare list of items, as some exports hold, is read as the only page, of no size: by that, who asked for a page
    knows that none was given.
    """

    pagination: Pagination
    releases: Annotated[tuple[WireItem, ...], FailFast()]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A page, or else a list of items; in the schema, so that pages are parsed without a detour."""
        bare = core_schema.no_info_after_validator_function(cls._of, handler.generate_schema(tuple[WireItem, ...]))
        return core_schema.union_schema([handler(source), bare], mode="left_to_right")

    @classmethod
    def _of(cls, items: tuple[WireItem, ...]) -> Self:
        only = Pagination(page=1, pages=1, per_page=0, items=len(items))
        return cls.model_construct(pagination=only, releases=items)


class WireTrack(Wire):
    """A line of the tracklist: ``type_`` is "track", "heading" or "index"; an index holds ``sub_tracks``."""

    position: Text = ""
    type_: Text = ""
    title: Text = ""
    duration: Text = ""
    artists: Parts[WireArtist] = ()
    extraartists: Parts[WireCredit] = ()
    sub_tracks: Parts[WireTrack] = ()


class WireIdentifier(Wire):
    """A barcode, matrix number and the like."""

    type: Text = ""
    value: Text = ""
    description: Text = ""


class WireImage(Wire):
    """A picture; addresses are "" for those who ask without a token."""

    type: Text = ""
    uri: Text = ""
    uri150: Text = ""
    width: CountOrNull = 0
    height: CountOrNull = 0


class WireCommunityRating(Wire):
    """What all users of Discogs gave, 0 to 5."""

    count: CountOrNull = 0
    average: Average = 0.0


class WireCommunity(Wire):
    """How many have and want it."""

    have: CountOrNull = 0
    want: CountOrNull = 0
    rating: WireCommunityRating | None = None


class WireRelease(Wire):
    """A release: one pressing, with all that can be shown of it. ``released`` is "1994" or "1994-05-02"."""

    id: Id
    title: Text = ""
    year: Year = 0
    country: Text = ""
    released: Text = ""
    notes: Text = ""
    artists: Parts[WireArtist] = ()
    extraartists: Parts[WireCredit] = ()
    labels: Parts[WireLabel] = ()
    companies: Parts[WireCompany] = ()
    formats: Parts[WireFormat] = ()
    genres: Texts = ()
    styles: Texts = ()
    tracklist: Parts[WireTrack] = ()
    identifiers: Parts[WireIdentifier] = ()
    images: Parts[WireImage] = ()
    community: WireCommunity | None = None
    master_id: CountOrNull = 0
    thumb: Text = ""


class WireSearchHit(Wire):
    """A hit. ``title`` is "Artist - Title"; ``type`` may be another than "release" in older answers."""

    id: Id
    type: Text = ""
    title: Text = ""
    year: Year = 0
    country: Text = ""
    format: Texts = ()
    label: Texts = ()
    catno: Text = ""
    barcode: Texts = ()
    genre: Texts = ()
    style: Texts = ()
    master_id: CountOrNull = 0
    thumb: Text = ""
    cover_image: Text = ""


class SearchPage(Wire):
    """A page of hits."""

    pagination: Pagination
    results: Annotated[tuple[WireSearchHit, ...], FailFast()]
