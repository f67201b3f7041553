"""Answers of every shape that real data take become models; what is no answer does not."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from discotui.discogs.models import (
    AddedInstance,
    Identity,
    ItemsPage,
    SearchPage,
    WireBasicInformation,
    WireFields,
    WireFolder,
    WireFolders,
    WireFormat,
    WireItem,
    WireNote,
    WireRelease,
    WireValue,
)
from tests.recorded import recorded


def item(**changes: Any) -> bytes:
    whole = {"id": 10, "instance_id": 20, "rating": 3, "folder_id": 1, "basic_information": {"title": "Kind of Blue"}}
    return json.dumps(whole | changes).encode()


def page(**changes: Any) -> bytes:
    whole = {"pagination": {"page": 1, "pages": 1, "per_page": 50, "items": 0, "urls": {}}, "releases": []}
    return json.dumps(whole | changes).encode()


def release_data(**changes: Any) -> WireBasicInformation:
    return WireBasicInformation.model_validate_json(json.dumps(changes))


# --- recorded ---------------------------------------------------------------------------------------------


def test_the_recorded_page_holds_100_items_and_427_notes() -> None:
    read = ItemsPage.model_validate_json(recorded("collection-2023-page1-of-48.json"))
    assert len(read.releases) == 100
    assert sum(len(one.notes or ()) for one in read.releases) == 427
    assert (read.pagination.page, read.pagination.pages, read.pagination.items) == (1, 48, 4785)
    assert all(one.folder_id for one in read.releases)
    first = read.releases[0]
    assert (first.release_id, first.instance_id, first.rating) == (2749755, 130899776, 0)
    assert first.basic_information.title == "A Siren Blares In An Indifferent Ocean"
    assert first.basic_information.labels[0].name == "(K-RAA-K)³"
    assert first.basic_information.formats[0].descriptions == ("LP", "Album", "Limited Edition")


def test_a_strangers_view_has_neither_folder_nor_notes() -> None:
    read = ItemsPage.model_validate_json(recorded("collection-31.json"))
    assert len(read.releases) == 31
    assert {one.folder_id for one in read.releases} == {None}
    assert {one.notes for one in read.releases} == {None}


def test_a_bare_list_is_read_as_the_only_page() -> None:
    read = ItemsPage.model_validate_json(recorded("collection-50.json"))
    assert isinstance(read, ItemsPage)
    assert len(read.releases) == 50
    assert (read.pagination.page, read.pagination.pages, read.pagination.items) == (1, 1, 50)


def test_the_copies_of_a_release_are_items() -> None:
    read = ItemsPage.model_validate_json(recorded("items-by-release-550078.json"))
    assert [one.instance_id for one in read.releases] == [19867159]
    assert read.releases[0].notes is not None
    assert len(read.releases[0].notes) == 6
    assert read.releases[0].basic_information.artists[0].anv == 'The "Great" Deltas'


def test_folders_and_fields_are_read() -> None:
    folders = WireFolders.model_validate_json(recorded("folders-2023.json")).folders
    assert len(folders) == 68
    assert (folders[0].id, folders[0].name, folders[0].count) == (0, "All", 4726)
    fields = WireFields.model_validate_json(recorded("fields-2023.json")).fields
    assert [(one.name, len(one.options), one.lines) for one in fields] == [
        ("Media Condition", 8, 0),
        ("Sleeve Condition", 10, 0),
        ("Notes", 0, 3),
        ("Width", 0, 1),
        ("Cleaned", 0, 1),
    ]


def test_the_small_answers_are_read() -> None:
    assert WireFolder.model_validate_json(recorded("create-folder.json")).id == 6259627
    assert AddedInstance.model_validate_json(recorded("add-release.json")).instance_id == 267910454
    assert Identity.model_validate_json(recorded("identity.json")) == Identity(id=1, username="example")
    value = WireValue.model_validate_json(recorded("value.json"))
    assert (value.minimum, value.median, value.maximum) == ("£1.05", "£2.50", "£5")


@pytest.mark.parametrize(
    ("release_id", "title", "tracks", "identifiers", "average"),
    [
        (372000, "Live At The Witch Trials", 11, 4, 4.39),
        (372019, "Totale's Turns (It's Now Or Never)", 10, 7, 4.19),
        (939775, "Cornology", 80, 10, 4.53),
        (1929402, "Middle Class Revolt", 14, 1, 4.24),
    ],
)
def test_a_release_is_read_with_its_tracks(
    release_id: int, title: str, tracks: int, identifiers: int, average: float
) -> None:
    read = WireRelease.model_validate_json(recorded(f"release-{release_id}.json"))
    assert (read.id, read.title, len(read.tracklist), len(read.identifiers)) == (
        release_id,
        title,
        tracks,
        identifiers,
    )
    assert read.community is not None
    assert read.community.rating is not None
    assert read.community.rating.average == average


def test_search_gives_years_as_text_and_pictures_as_null() -> None:
    read = SearchPage.model_validate_json(recorded("search.json"))
    assert len(read.results) == read.pagination.items == 13
    artist, record = read.results[:2]
    assert (artist.type, artist.thumb, artist.label, artist.year) == ("artist", "", (), 0)
    assert (record.type, record.label, record.year, record.format) == ("release", ("8bitpeoples",), 2008, ("CDr",))


# --- odd shapes -------------------------------------------------------------------------------------------


def test_notes_are_unknown_when_absent_and_known_to_be_none_when_empty() -> None:
    assert WireItem.model_validate_json(item()).notes is None
    assert WireItem.model_validate_json(item(notes=[])).notes == ()


def test_a_note_may_be_a_number_but_not_nothing() -> None:
    read = WireItem.model_validate_json(item(notes=[{"field_id": 7, "value": 1.5}]))
    assert read.notes == (WireNote(field_id=7, value="1.5"),)
    for nothing in (None, [{"field_id": 7}], [{"field_id": 7, "value": None}]):
        with pytest.raises(ValidationError):
            WireItem.model_validate_json(item(notes=nothing))


def test_a_rating_is_within_its_scale() -> None:
    assert [WireItem.model_validate_json(item(rating=rating)).rating for rating in range(6)] == [0, 1, 2, 3, 4, 5]
    for nonsense in (None, -1, 6, 2.5, "3", True):
        with pytest.raises(ValidationError):
            WireItem.model_validate_json(item(rating=nonsense))


@pytest.mark.parametrize(
    ("year", "read_as"),
    [
        (1959, 1959),
        ("1959", 1959),
        ("1959-08-17", 1959),
        ("", 0),
        (None, 0),
        (0, 0),
        ("unknown", 0),
        (-3, 0),
        (19590, 0),
        ("19590", 0),
        (10**30, 0),
    ],
)
def test_a_year_may_be_text_or_missing(year: object, read_as: int) -> None:
    assert release_data(year=year).year == read_as


def test_what_an_old_answer_leaves_out_or_gives_as_null_is_empty() -> None:
    names = ("title", "artists", "labels", "formats", "genres", "styles", "master_id", "thumb", "cover_image")
    assert release_data(**dict.fromkeys(names)) == release_data()
    assert release_data().artists == ()
    assert release_data().master_id == 0


def test_the_number_of_discs_may_be_a_number() -> None:
    read = release_data(formats=[{"name": "Vinyl", "qty": 2, "text": " Blue vinyl "}, {"name": "CD", "qty": "45"}])
    assert read.formats == (
        WireFormat(name="Vinyl", qty="2", text=" Blue vinyl "),
        WireFormat(name="CD", qty="45"),
    )


def test_lists_of_texts_may_be_one_text_or_hold_nulls() -> None:
    read = release_data(genres="Jazz", styles=["Modal", None, 7])
    assert read.genres == ("Jazz",)
    assert read.styles == ("Modal", "7")
    assert release_data(genres="").genres == ()


@pytest.mark.parametrize("title", ["[PIAS] Le Label", "\x1b[2Jx\u0000", "椎名林檎", "أم كلثوم", "♥\u200b\ufeff", "🎷"])
def test_texts_are_kept_as_they_came(title: str) -> None:
    assert release_data(title=title).title == title


def test_tracks_may_stand_in_tracks() -> None:
    tracks = [{"type_": "index", "title": "Suite", "position": None, "sub_tracks": [{"title": "I", "position": 1}]}]
    read = WireRelease.model_validate_json(json.dumps({"id": 1, "tracklist": tracks}))
    assert [(one.position, one.title) for one in read.tracklist[0].sub_tracks] == [("1", "I")]


def test_models_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        WireItem.model_validate_json(item()).rating = 5


# --- what is no answer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [True, "20", 20.5, 0, -1, None, [], {}, 2**63])
def test_an_id_is_a_whole_number_above_zero(number: object) -> None:
    with pytest.raises(ValidationError):
        WireItem.model_validate_json(item(instance_id=number))
    with pytest.raises(ValidationError):
        WireItem.model_validate_json(item(id=number))


@pytest.mark.parametrize("number", [True, "1", -1, 1.5, [], 2**63])
def test_a_folder_id_is_a_whole_number_from_zero(number: object) -> None:
    with pytest.raises(ValidationError):
        WireItem.model_validate_json(item(folder_id=number))
    with pytest.raises(ValidationError):
        WireFolder.model_validate_json(json.dumps({"id": number, "name": "Jazz"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"rating": True},
        {"rating": {}},
        {"notes": {}},
        {"notes": [{"value": "no field"}]},
        {"basic_information": None},
        {"basic_information": {"title": []}},
        {"basic_information": {"title": True}},
        {"basic_information": {"year": False}},
        {"basic_information": {"artists": {}}},
        {"basic_information": {"artists": ["Miles Davis"]}},
        {"basic_information": {"genres": {"0": "Jazz"}}},
        {"basic_information": {"master_id": "5"}},
    ],
)
def test_a_value_of_another_kind_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WireItem.model_validate_json(item(**changes))


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (ItemsPage, page(pagination=None)),
        (ItemsPage, page(releases=None)),
        (ItemsPage, page(pagination={"page": True, "pages": 1, "per_page": 1, "items": 1})),
        (ItemsPage, page(pagination={"page": 1, "pages": 1, "per_page": 1})),
        (ItemsPage, b'[{"id": 1}]'),
        (ItemsPage, b"{}"),
        (WireFolders, b'{"folders": null}'),
        (WireFields, b'{"fields": {}}'),
        (Identity, b'{"id": 1, "username": ""}'),
        (AddedInstance, b"{}"),
        (SearchPage, b'{"results": []}'),
    ],
)
def test_an_answer_without_its_core_is_refused(model: type[BaseModel], body: bytes) -> None:
    with pytest.raises(ValidationError):
        model.model_validate_json(body)


def test_an_empty_collection_is_a_page() -> None:
    assert ItemsPage.model_validate_json(page()).releases == ()
