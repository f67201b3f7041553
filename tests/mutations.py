"""Makes broken answers out of good ones: seeded, so that each run sees the same."""

from __future__ import annotations

import copy
import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>cloud</body></html>"
DEEPEST = 100_000
STATUSES = (200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308)
REFUSING = (400, 401, 403, 404, 405, 409, 410, 422, 429, 451)
FAILING = (500, 502, 503, 504, 520, 999)
TEXTS = (
    "",
    "x",
    "7",
    "\x1b]52;c;aGk=\x07\u202e\x9b2J\x00",
    "\ud800",
    "\udfff and more",
    "\ufeff",
    "[/x]",
    "none",
    "y" * 100_000,
)
HEADERS = {
    "Content-Type": ("text/html", "text/plain", "application/xml", "application/json; charset=utf-16", "", "\xff"),
    "X-Discogs-Ratelimit": ("0", "-1", "1", "999999999", "10" * 50, "NaN", "²", "60, 60", ""),
    "X-Discogs-Ratelimit-Used": ("-1", "999999999", "x", ""),
    "X-Discogs-Ratelimit-Remaining": ("-60", "999999999", "1e9", ""),
    "Retry-After": ("0", "-1", "999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 99 Foo 0000 99:99:99 +9999", "x"),
    "Content-Length": ("0", "-1", "7", "99999999999"),
    "Date": ("", "x", "Sat, 01 Jan 0000 00:00:00 -9999"),
}


class Raw(str):
    """A number or name as it is to stand in the text, though no value of Python's is written so."""

    __slots__ = ()


class Doubled(dict[str, Any]):
    """An object in which one key stands twice, the second time with another value."""

    def __init__(self, value: dict[str, Any], key: str, second: object) -> None:
        super().__init__(value)
        self.second = (key, second)


@dataclass(frozen=True)
class Mutant:
    """A broken answer.

    Attributes:
        status: The HTTP status.
        body: As it stands on the wire, but for the packing that ``headers`` name.
        headers: Beside those that an answer needs.
        done: What was done to it, in order.
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    done: tuple[str, ...] = ()

    def response(self) -> httpx.Response:
        """The answer, to be read piece by piece as from the network."""
        headers = [(name.encode(), text.encode("latin-1")) for name, text in self.headers.items()]
        return httpx.Response(self.status, headers=headers, stream=httpx.ByteStream(self.body))

    def said(self) -> Any:
        """The body as Python's own parser reads it, None when it does not."""
        try:
            return json.loads(self.body, parse_int=lambda digits: int(digits[:4000]))
        except (ValueError, RecursionError):
            return None


class Mutator:
    """Breaks answers.

    Args:
        seed: The same seed breaks the same answers in the same way.
        numbers: Ids that mean something else, to stand in the place of others.
    """

    def __init__(self, seed: int, numbers: tuple[int, ...] = ()) -> None:
        self.dice = random.Random(seed)
        self._numbers = (-1, 0, 1, 2, 5, 6, 99, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 10**30, *numbers)

    def mutant(self, status: int, body: bytes) -> Mutant:
        """One to three things wrong with an answer; at least one is."""
        while True:
            made = Mutant(status, body)
            for _ in range(self.dice.choice((1, 1, 1, 2, 3))):
                made = self._once(made)
            if made != Mutant(status, body, done=made.done):
                return made

    def _once(self, mutant: Mutant) -> Mutant:
        kind: Callable[[Mutant], Mutant] = self.dice.choices(
            (self._value, self._text, self._status, self._header, self._packing), (12, 4, 2, 1, 1)
        )[0]
        return kind(mutant)

    # --- what is inside

    def _value(self, mutant: Mutant) -> Mutant:
        """Something in the tree is of another kind, gone, doubled, or at another place."""
        if any(done.startswith("deep") for done in mutant.done):
            return self._text(mutant)
        try:
            root = [json.loads(mutant.body)]
        except (ValueError, RecursionError):
            return self._text(mutant)
        places: dict[str, list[tuple[Any, Any]]] = {}
        for holder, key in _places(root):
            name = "all of it" if holder is root else key if isinstance(key, str) else "one of several"
            places.setdefault(name, []).append((holder, key))
        # By name first: there are a hundred titles for each total.
        holder, key = self.dice.choice(places[self.dice.choice(list(places))])
        done = self._break(holder, key, [holder[key] for found in places.values() for holder, key in found])
        body = _dumped(root[0]) if root else ""
        return replace(mutant, body=body.encode("utf-8", "surrogatepass"), done=(*mutant.done, done))

    def _break(self, holder: Any, key: Any, values: list[Any]) -> str:
        value, other = holder[key], copy.deepcopy(self.dice.choice(values))
        what = self.dice.choice(
            ("type", "null", "gone", "number", "text", "other", "twice", "deep", "shuffled", "more")
        )
        match what:
            case "type":
                kinds: tuple[Any, ...] = (True, 7, 1.5, "x", [], {}, [value], {"x": value}, [[]])
                holder[key] = self.dice.choice([kind for kind in kinds if type(kind) is not type(value)])
            case "null":
                holder[key] = None
            case "gone":
                del holder[key]
            case "number":
                odd = ("NaN", "Infinity", "-Infinity", "1e999", "-0", "007", "1.0", "9" * 5000, "1e-400", "+1", "0x1")
                holder[key] = self.dice.choice(self.dice.choice((self._numbers, (*map(Raw, odd), 2.5, -0.0))))
            case "text":
                holder[key] = self.dice.choice(TEXTS)
            case "other":
                holder[key] = other
            case "twice" if isinstance(value, dict) and value:
                name = self.dice.choice(list(value))
                holder[key] = Doubled(value, name, other)
            case "twice" if isinstance(holder, list):
                holder.insert(key, value)
            case "deep":
                depth = self.dice.choice((5, 200, 500, DEEPEST))
                opening, closing = self.dice.choice((("[", "]"), ('{"x":', "}")))
                inner = _dumped(value) if depth < DEEPEST else "0"
                holder[key] = Raw(opening * depth + inner + closing * (depth if self.dice.random() < 0.7 else 0))
            case "shuffled" if isinstance(value, list):
                self.dice.shuffle(value)
            case "more" if isinstance(value, dict):
                value[self.dice.choice(("x", "id", "error", "message", "__proto__"))] = other
            case _:
                holder[key] = [] if isinstance(value, list) else {} if isinstance(value, dict) else None
        return f"{what} at {key!r}"

    # --- what holds it

    def _text(self, mutant: Mutant) -> Mutant:
        """The bytes are cut, damaged, or others altogether."""
        body, dice = mutant.body, self.dice
        at = dice.randrange(len(body) + 1)
        what = dice.choice(("cut", "cut", "flip", "drop", "insert", "html", "empty", "utf-16", "bom", "twice", "space"))
        match what:
            case "cut":
                body = body[:at]
            case "flip" if body:
                at = min(at, len(body) - 1)
                body = body[:at] + bytes([body[at] ^ 1 << dice.randrange(8)]) + body[at + 1 :]
            case "drop":
                body = body[:at] + body[at + dice.choice((1, 10, 100)) :]
            case "insert":
                body = (
                    body[:at]
                    + dice.choice((b"\x00", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"//", b",", b"'"))
                    + body[at:]
                )
            case "html":
                body = HTML
            case "empty":
                body = b""
            case "utf-16":
                body = body.decode("utf-8", "replace").encode("utf-16")
            case "bom":
                body = b"\xef\xbb\xbf" + body
            case "twice":
                body += body
            case _:
                body += b" " * dice.choice((1, 9 << 20))
        return replace(mutant, body=body, done=(*mutant.done, f"{what} at byte {at}"))

    def _status(self, mutant: Mutant) -> Mutant:
        status = self.dice.choice((*STATUSES, *REFUSING, *FAILING))
        body = mutant.body
        if status in REFUSING and self.dice.random() < 0.5:
            said = self.dice.choice(TEXTS)
            detail = self.dice.choice(
                (said, [said], [{"loc": ["body", said], "msg": said}], {said: [said, [said]]}, None)
            )
            body = json.dumps({"message": said, "detail": detail}).encode()
        return replace(mutant, status=status, body=body, done=(*mutant.done, f"status {status}"))

    def _header(self, mutant: Mutant) -> Mutant:
        name = self.dice.choice(list(HEADERS))
        headers = mutant.headers | {name: self.dice.choice(HEADERS[name])}
        return replace(mutant, headers=headers, done=(*mutant.done, f"header {name}"))

    def _packing(self, mutant: Mutant) -> Mutant:
        """Packed in another way than it says, or otherwise than was asked for."""
        named = self.dice.choice(("gzip", "x-gzip", "deflate", "br", "gzip, gzip", "identity", "zstd", "\xff"))
        packed = self.dice.choice((mutant.body, gzip.compress(mutant.body, mtime=0), zlib.compress(mutant.body)))
        if self.dice.random() < 0.3:
            packed = packed[: self.dice.randrange(len(packed) + 1)]
        if self.dice.random() < 0.1:
            packed = gzip.compress(mutant.body + b" " * (9 << 20), mtime=0)
        headers = mutant.headers | {"Content-Encoding": named}
        return replace(mutant, body=packed, headers=headers, done=(*mutant.done, f"said to be packed as {named}"))


def rows_in(said: object) -> Iterator[dict[str, Any]]:
    """The items that an answer lists."""
    releases = said.get("releases") if isinstance(said, dict) else None
    yield from (row for row in (releases if isinstance(releases, list) else []) if isinstance(row, dict))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a tree: its holder, and the key or index there."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _dumped(value: Any) -> str:
    """JSON with what is raw or doubled in it. Lone surrogates are escaped, as Discogs escapes all."""
    match value:
        case Raw():
            return str(value)
        case dict():
            pairs = [*value.items(), *([value.second] if isinstance(value, Doubled) else [])]
            return "{" + ", ".join(f"{json.dumps(name)}: {_dumped(part)}" for name, part in pairs) + "}"
        case list():
            return "[" + ", ".join(map(_dumped, value)) + "]"
    return json.dumps(value)
