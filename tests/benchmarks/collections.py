"""Collections of any size in the shapes that real ones have, the same ones at every run."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone

from discotui.library.folding import fold
from discotui.library.items import NO_NOTES, Field, Item

MEDIA, SLEEVE, TEXT = 1, 2, 3
CONDITIONS = (
    "Mint (M)",
    "Near Mint (NM or M-)",
    "Very Good Plus (VG+)",
    "Very Good (VG)",
    "Good Plus (G+)",
    "Good (G)",
    "Fair (F)",
    "Poor (P)",
)
FIELDS = (
    Field(MEDIA, "Media Condition", 1, True, CONDITIONS),
    Field(SLEEVE, "Sleeve Condition", 2, True, (*CONDITIONS, "Generic", "Not Graded", "No Cover")),
    Field(TEXT, "Notes", 3, False, (), 3),
)
FOLDERS: Mapping[int, str] = {1: "Uncategorized", 2: "Jazz", 3: "The Singles", 4: "Électronique", 5: "日本", 6: "Sold"}

_SYLLABLES = (
    *("ba", "bel", "cor", "da", "del", "do", "el", "fa", "gar", "han", "is", "ja", "kel", "la", "lo", "mar"),
    *("mi", "nor", "o", "pen", "ra", "ri", "sal", "so", "ta", "tor", "u", "vel", "wa", "zi"),
)
_FAR_NAMES = (
    "山下達郎",
    "坂本龍一",
    "Björk",
    "Sigur Rós",
    "Mulatu Astatqé",
    "Кино",
    "أم كلثوم",
    "Françoise Hardy",
    "산울림",
)
_WORDS = (
    *("Blue", "Night", "Train", "Spirit", "Journey", "Love", "Supreme", "Tokyo", "Rain", "Dub", "Echo", "Sun"),
    *("Live", "At", "The", "In", "A", "Of", "From", "To", "Volume", "Sessions", "Songs", "Best", "Greatest", "Hits"),
    *("Music", "For", "Dance", "Black", "Red", "White", "House", "Street", "Time", "Life", "Dream", "Electric"),
)
_SERIES = ("BLP", "ILPS", "AS-", "SD", "CL", "SHVL", "WARP LP", "ECM", "MG V-", "R1", "STUMM", "CAD", "ZTT", "7243 8")
_JOINS = (" & ", ", ", " / ", " Featuring ", " With ")
_FORMATS = (
    "LP, Album",
    "LP, Album, Reissue",
    "2×LP, Album, Gatefold",
    '12", 33 ⅓ RPM',
    '7", Single',
    "CD, Album",
    "Cassette",
)
_EDITIONS = ("", "", "", ", Stereo", ", Mono", ", Blue vinyl", ", 180g", ", Limited Edition", ", Promo")
_GENRES = ("Jazz", "Rock", "Electronic, House", "Electronic, Techno", "Funk / Soul", "Pop", "Reggae, Dub", "Classical")
_REMARKS = ("bought in", "signed", "small scuff on side", "no insert", "warped, plays fine", "from", "double of")


class _Makers:
    """What collections of one size choose from: the longer the collection, the more names, but ever fewer new ones."""

    def __init__(self, chance: random.Random, count: int) -> None:
        self.chance = chance
        self.artists = [self._artist() for _ in range(max(10, int(3 * count**0.75)))]
        self.labels = [f"{self._name()} {self._suffix()}".strip() for _ in range(max(5, int(2 * count**0.65)))]

    def some(self, names: Sequence[str]) -> str:
        """One of the names, the first ones far more often than the last."""
        return names[int(len(names) * self.chance.random() ** 2.5)]

    def _name(self) -> str:
        return "".join(self.chance.choices(_SYLLABLES, k=self.chance.randint(2, 4))).capitalize()

    def _suffix(self) -> str:
        return self.chance.choice(("Records", "Records", "Recordings", "Music", ""))

    def _artist(self) -> str:
        roll = self.chance.random()
        if roll < 0.04:
            return f"{self.chance.choice(_FAR_NAMES)} {self.chance.randrange(1000)}"
        if roll < 0.20:
            return f"The {self._name()}s"
        return f"{self._name()} {self._name()}"

    def artist(self) -> str:
        """A joined artist line."""
        name = self.some(self.artists)
        return name if self.chance.random() > 0.15 else name + self.chance.choice(_JOINS) + self.some(self.artists)

    def title(self) -> str:
        """Some words, often with a name among them."""
        words = self.chance.choices(_WORDS, k=self.chance.randint(1, 4))
        if self.chance.random() < 0.6:
            words.insert(self.chance.randint(0, len(words)), self._name())
        return " ".join(words) if self.chance.random() > 0.04 else self.chance.choice(_FAR_NAMES) + " " + words[0]

    def label(self) -> str:
        """A label, sometimes two."""
        return (
            self.some(self.labels)
            if self.chance.random() > 0.12
            else f"{self.some(self.labels)}, {self.some(self.labels)}"
        )

    def catno(self) -> str:
        """A number of a series, sometimes two, sometimes none."""
        roll = self.chance.random()
        if roll < 0.04:
            return ""
        number = f"{self.chance.choice(_SERIES)} {self.chance.randrange(1, 10_000)}"
        return number if roll < 0.9 else f"{number}, {self.chance.choice(_SERIES)}{self.chance.randrange(100_000):05}"

    def notes(self) -> Mapping[int, str]:
        """Conditions on more than half of the items, remarks on some."""
        chance = self.chance
        notes = {}
        if chance.random() < 0.6:
            notes[MEDIA] = chance.choices(CONDITIONS, (4, 30, 30, 20, 8, 4, 2, 1))[0]
        if chance.random() < 0.55:
            notes[SLEEVE] = chance.choices((*CONDITIONS, "Generic"), (3, 25, 30, 20, 8, 4, 2, 1, 10))[0]
        if chance.random() < 0.15:
            notes[TEXT] = f"{chance.choice(_REMARKS)} {self._name()}\n{chance.randrange(1, 60)} €"
        return notes or NO_NOTES


def make_collection(count: int) -> list[Item]:
    """So many items as a library has them: by date of addition, with the folders and fields of this module."""
    chance = random.Random(count)
    makers = _Makers(chance, count)
    winter, summer = timezone(timedelta(hours=-8)), timezone(timedelta(hours=-7))
    now = datetime(2009, 1, 1, tzinfo=winter)
    items = []
    # A release has one rating, that of all its copies.
    ratings: dict[int, int] = {}
    for number in range(count):
        now += timedelta(seconds=chance.expovariate(count / 500_000_000))
        artist, title, label, catno = makers.artist(), makers.title(), makers.label(), makers.catno()
        form = chance.choice(_FORMATS) + chance.choice(_EDITIONS)
        genre = chance.choice(_GENRES)
        release_id = 1 + chance.randrange(30_000_000)
        rating = 0 if chance.random() < 0.65 else chance.choices((1, 2, 3, 4, 5), (2, 4, 20, 40, 34))[0]
        items.append(
            Item(
                instance_id=1_200_000_000 + number * 37 + chance.randrange(37),
                release_id=release_id,
                folder_id=chance.choices(range(1, 7), (30, 25, 20, 15, 8, 2))[0],
                rating=ratings.setdefault(release_id, rating),
                added=now.astimezone(summer if 3 < now.month < 11 else winter).isoformat(timespec="seconds"),
                artist=artist,
                title=title,
                label=label,
                catno=catno,
                format=form,
                year=0 if chance.random() < 0.05 else min(2026, max(1948, round(chance.gauss(1986, 16)))),
                genre=genre,
                search=fold(f"{artist}\n{title}\n{label}\n{catno}\n{form}\n{genre}"),
                notes=makers.notes(),
                master_id=chance.randrange(3_000_000),
            )
        )
    return items
