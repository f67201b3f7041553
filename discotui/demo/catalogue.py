"""The database side of the demo: releases, and finding them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artist:
    """One credit of a release.

    Attributes:
        artist_id: The same for the same name, wherever it occurs.
        name: With Discogs' "(3)" suffix where namesakes exist.
        anv: The name as printed on this release, "" when it is the same.
        join: What stands between this artist and the next; may be set on the last one too.
    """

    artist_id: int
    name: str
    anv: str = ""
    join: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A label and its catalogue number, "none" when there is none."""

    label_id: int
    name: str
    catno: str


@dataclass(frozen=True, slots=True)
class Format:
    """A carrier; ``qty`` is text, as at Discogs."""

    name: str
    qty: str
    descriptions: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """A line of the track list."""

    position: str
    title: str
    duration: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A pressing.

    Attributes:
        release_id: The demo's own number; it means nothing at Discogs.
        year: 0 when unknown.
        master_id: 0 when the release has no master.
    """

    release_id: int
    title: str
    artists: tuple[Artist, ...]
    labels: tuple[Label, ...]
    formats: tuple[Format, ...]
    year: int = 0
    country: str = ""
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    master_id: int = 0
    tracks: tuple[Track, ...] = ()

    @property
    def artist_line(self) -> str:
        """All artists in one line, suffixes included, as search results show them."""
        return _joined(self.artists, lambda artist: artist.name)

    @property
    def artists_sort(self) -> str:
        """The line that Discogs sorts by: "Fall, The"."""
        return _joined(self.artists, lambda artist: _article_last(artist.name))


def _joined(artists: tuple[Artist, ...], name: Callable[[Artist], str]) -> str:
    parts: list[str] = []
    for artist in artists:
        join = artist.join.strip() or "/"
        parts += [name(artist), ", " if join == "," else f" {join} "]
    return "".join(parts[:-1])


def _article_last(name: str) -> str:
    return f"{name[4:]}, The" if name.startswith("The ") and len(name) > len("The ") else name


def fold(text: str) -> str:
    """Text for comparing: case, accents and character width do not matter."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _artist_text(release: Release) -> str:
    return " ".join(f"{artist.name} {artist.anv}" for artist in release.artists)


def _label_text(release: Release) -> str:
    return " ".join(label.name for label in release.labels)


def _catno_text(release: Release) -> str:
    return " ".join(label.catno for label in release.labels)


def _format_text(release: Release) -> str:
    return " ".join(" ".join((form.name, *form.descriptions, form.text)) for form in release.formats)


def _everything(release: Release) -> str:
    parts = (_artist_text(release), release.title, _label_text(release), _catno_text(release))
    return " ".join((*parts, str(release.year or ""), release.country, *release.genres, *release.styles))


_SEARCHED: dict[str, Callable[[Release], str]] = {
    "q": _everything,
    "query": _everything,
    "artist": _artist_text,
    "release_title": lambda release: release.title,
    "title": lambda release: f"{release.artist_line} - {release.title}",
    "label": _label_text,
    "catno": _catno_text,
    "format": _format_text,
    "country": lambda release: release.country,
    "genre": lambda release: " ".join(release.genres),
    "style": lambda release: " ".join(release.styles),
    "track": lambda release: " ".join(track.title for track in release.tracks),
    # The sample has no barcodes: asking for one finds nothing, rather than everything.
    "barcode": lambda _release: "",
}


def search(releases: Mapping[int, Release], criteria: Mapping[str, str]) -> list[Release]:
    """The releases that hold every word of every criterion, in the order of their ids.

    Args:
        releases: Where to look.
        criteria: The parameters of ``GET /database/search``; those that are not criteria are ignored.
    """
    if criteria.get("type", "") not in ("", "release"):
        return []
    year = criteria.get("year", "").strip()
    wanted = [(text_of, fold(criteria[key]).split()) for key, text_of in _SEARCHED.items() if key in criteria]

    def matches(release: Release) -> bool:
        if year and year != str(release.year):
            return False
        return all(
            word in text for text_of, words in wanted if words for text in (fold(text_of(release)),) for word in words
        )

    return [releases[release_id] for release_id in sorted(releases) if matches(releases[release_id])]
