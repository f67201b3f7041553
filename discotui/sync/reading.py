"""From what Discogs sends to what the library keeps: joined lines, folded search text, known or unknown notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discotui.discogs.models import (
    WireArtist,
    WireBasicInformation,
    WireField,
    WireFolder,
    WireFormat,
    WireItem,
    WireLabel,
    WireNote,
    WireRelease,
    WireValue,
)
from discotui.library.folding import fold, without_namesake_number
from discotui.library.items import NO_NOTES, Field, Folder, Item, Value

_SIZES = ("LP", '12"', '10"', '7"')
_TIGHT_JOINS = (",", ";", ":")


def item_of(wire: WireItem, *, notes_shown: bool) -> Item:
    """An item of a collection.

    Args:
        wire: As sent.
        notes_shown: Whether the asker sees all notes in this kind of answer, so that none means none.
    """
    return _item(
        wire.basic_information,
        instance_id=wire.instance_id,
        release_id=wire.release_id,
        folder_id=wire.folder_id or 0,
        rating=wire.rating,
        added=wire.date_added,
        notes=_notes(wire.notes, shown=notes_shown),
    )


def item_of_release(wire: WireRelease) -> Item:
    """What is known of a release that may be added: an item with no instance, folder, rating or notes."""
    return _item(wire, instance_id=0, release_id=wire.id, folder_id=0, rating=0, added="", notes=NO_NOTES)


def unseen_release(release_id: int) -> Item:
    """An item of which nothing but the release's number is known, for adding while offline."""
    title = f"Release {release_id}"
    return Item(0, release_id, 0, 0, "", "", title, "", "", "", 0, "", search=fold(title), notes=NO_NOTES)


def _item(
    release: WireBasicInformation | WireRelease,
    *,
    instance_id: int,
    release_id: int,
    folder_id: int,
    rating: int,
    added: str,
    notes: Mapping[int, str] | None,
) -> Item:
    artist = artist_line(release.artists)
    label = ", ".join(_unique(without_namesake_number(label.name) for label in release.labels))
    catno = catno_line(release.labels)
    genre = ", ".join(_unique((*release.genres, *release.styles)))
    format_ = format_line(release.formats)
    names = " ".join([artist.name for artist in release.artists] + [label.name for label in release.labels])
    return Item(
        instance_id=instance_id,
        release_id=release_id,
        folder_id=folder_id,
        rating=rating,
        added=added,
        artist=artist,
        title=release.title,
        label=label,
        catno=catno,
        format=format_,
        year=release.year,
        genre=genre,
        search=fold(f"{artist}\n{release.title}\n{names}\n{catno}\n{format_}\n{genre}"),
        notes=notes,
        master_id=release.master_id,
        cover=release.cover_image if isinstance(release, WireBasicInformation) else "",
    )


def _notes(wire: tuple[WireNote, ...] | None, *, shown: bool) -> Mapping[int, str] | None:
    if wire is None:
        return NO_NOTES if shown else None
    found = {note.field_id: note.value for note in wire if note.value}
    return found or NO_NOTES


def artist_line(artists: Iterable[WireArtist]) -> str:
    """The artists as they are to be read: name variations first, no "(3)", no join after the last."""
    line = ""
    join = ""
    for artist in artists:
        if line:
            line += f"{join} " if join in _TIGHT_JOINS else f" {join or '/'} "
        line += artist.anv.strip() or without_namesake_number(artist.name)
        join = artist.join.strip()
    return line


def catno_line(labels: Iterable[WireLabel]) -> str:
    """The catalogue numbers, each once, without Discogs' "none"."""
    return ", ".join(_unique(label.catno.strip() for label in labels if label.catno.strip().lower() != "none"))


def format_line(formats: Iterable[WireFormat]) -> str:
    """The formats as collectors write them: "2×LP, Album, Blue vinyl", "CD, Album"."""
    return " + ".join(filter(None, map(_format, formats)))


def _format(format_: WireFormat) -> str:
    parts = [text.strip() for text in format_.descriptions if text.strip()]
    size = next((size for size in _SIZES if size in parts), "")
    if format_.name == "Vinyl" and size:
        parts.remove(size)
        head = size
    else:
        head = format_.name.strip()
    quantity = format_.qty.strip()
    if quantity not in ("", "0", "1"):
        head = f"{quantity}×{head}"
    return ", ".join(filter(None, (head, *parts, format_.text.strip())))


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def folder_of(wire: WireFolder) -> Folder:
    """A folder with Discogs' own count."""
    return Folder(wire.id, wire.name, wire.count)


def field_of(wire: WireField) -> Field:
    """A notes field; a dropdown without options is shown as a line of text, for want of anything to choose."""
    is_dropdown = wire.type == "dropdown" and bool(wire.options)
    return Field(
        field_id=wire.id,
        name=wire.name,
        position=wire.position,
        public=wire.public,
        options=wire.options if is_dropdown else (),
        lines=0 if is_dropdown else max(1, wire.lines),
    )


def value_of(wire: WireValue) -> Value:
    """The collection's value: texts in the account's currency."""
    return Value(wire.minimum, wire.median, wire.maximum)
