"""Reads what a program writes to its terminal, as strictly as can be."""

from __future__ import annotations

import base64
import codecs
import fcntl
import os
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from dataclasses import dataclass, field

from tests.terminal import PATIENCE, Terminal, without_how

C0 = [*range(0x20), 0x7F]
C1 = list(range(0x80, 0xA0))
BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
INVISIBLE = [0xAD, 0x180E, *range(0x200B, 0x200E), *range(0x2060, 0x2065), *range(0x206A, 0x2070), 0x2028, 0x2029]
INVISIBLE += [0xFEFF, *range(0xFFF9, 0xFFFC), 0xE0001, 0xE0041, 0xE007F, 0x1BCA0, 0x13430, 0x1D173]
SURROGATES = [0xDC00, 0xDFFF, 0xD800, 0xDBFF]
POINTS = [*C0, *C1, *BIDI, *INVISIBLE, *SURROGATES]
"""Every code point that must not reach a terminal, or a sample of those of one kind."""

MARK = "31337"
"""Stands in every hostile sequence: whatever sequence holds it came from outside."""
SEQUENCES = (
    f"\x1b[{MARK}m",
    f"\x9b{MARK};1H",
    f"\x1b[?{MARK}h",
    f"\x1b]0;{MARK}\x07",
    f"\x1b]52;c;{base64.b64encode(MARK.encode()).decode()}\x07",
    f"\x1b]8;;http://{MARK}/\x1b\\link\x1b]8;;\x1b\\",
    f"\x9d8;;http://{MARK}/\x9clink",
    f"\x1bP{MARK}q\x1b\\",
    f"\x90{MARK}q\x9c",
    f"\x1b_G{MARK}\x1b\\",
    f"\x1b^{MARK}\x1b\\",
    f"\x1bX{MARK}\x1b\\",
    "\x1bc",
    "\x1b#8",
    "\x1b(0",
    "\x0e\x0f",
    "\x1b[6n",
    "\x1b[21t",
)
EVERYTHING = "".join(map(chr, POINTS)) + "".join(SEQUENCES)

_UNSAFE_KINDS = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?P<parameters>[0-?]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\](?P<command>[0-9]*)(?P<payload>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<string>[PX^_])(?P<content>[^\x1b]*)\x1b\\"
    r"|(?P<short>[ -/]*[0-~])"
    r")"
)


@dataclass
class Scan:
    """What a terminal was told.

    Attributes:
        kinds: The kinds of control sequences and of single controls.
        bad: What no program may write, with what stood around it.
        copied: Texts that went to the clipboard.
        text: All that was drawn, without the sequences.
    """

    kinds: set[str] = field(default_factory=set)
    bad: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    text: str = ""


def scanned(output: bytes) -> Scan:
    """Take the output of a program apart."""
    scan = Scan()
    try:
        text = output.decode("utf-8")
    except UnicodeDecodeError as error:
        scan.bad.append(f"not UTF-8: {output[error.start - 20 : error.end + 20]!r}")
        text = output.decode("utf-8", "replace")
    at, drawn = 0, []
    for found in _SEQUENCE.finditer(text):
        drawn.append(text[at : found.start()])
        at = found.end()
        scan.kinds.add(_kind(found))
        payload = found["payload"] or ""
        if MARK in found[0] or unsafe_in(payload + (found["content"] or "")):
            scan.bad.append(f"{found[0]!r} after {text[max(0, found.start() - 40) : found.start()]!r}")
        if found["command"] == "52":
            scan.copied.append(base64.b64decode(payload.rpartition(";")[2]).decode("utf-8"))
    drawn.append(text[at:])
    scan.text = "".join(drawn)
    for place, character in enumerate(scan.text):
        if character in "\r\n":
            scan.kinds.add(repr(character))
        elif unsafe_in(character):
            scan.bad.append(f"{character!r} after {scan.text[max(0, place - 40) : place]!r}")
    for copied in scan.copied:
        scan.bad += [f"{name} was copied" for name in unsafe_in(copied.replace("\n", ""))]
    return scan


def _kind(found: re.Match[str]) -> str:
    """A sequence without what differs from screen to screen. Modes are told apart by their numbers."""
    if found["final"]:
        parameters = found["parameters"]
        is_mode = found["final"] in "hl" or parameters[:1] in "<=>?"
        return f"CSI {parameters if is_mode else ''}{found['between']}{found['final']}"
    if found["command"] is not None:
        return f"OSC {found['command']}"
    return f"ESC {found['string'] or found['short']}"


def unsafe_in(text: str) -> list[str]:
    """Controls, marks of direction, invisible characters and halves of pairs, by name."""
    return [f"U+{ord(character):04X}" for character in text if unicodedata.category(character) in _UNSAFE_KINDS]


ESCAPE_SECONDS = 0.25
"""Longer than the program waits for what might follow an esc."""


class Watched(Terminal):
    """A terminal whose bytes are kept as they came, and which waits for what a key brings.

    Attributes:
        raw: All bytes.
    """

    def __init__(self, environ: dict[str, str], *arguments: str, columns: int = 140, rows: int = 40) -> None:
        self.raw = bytearray()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._typed_at = 0
        super().__init__(environ, *arguments, columns=columns, rows=rows)

    def type(self, text: str) -> None:
        """Press keys. What is typed fast after esc would be read as one key with it."""
        self._typed_at = len(self.output)
        for piece in re.findall("\x1b(?!\\[)|(?:(?!\x1b(?!\\[)).)+", text, re.DOTALL):
            super().type(piece)
            if piece == "\x1b":
                self.rest(ESCAPE_SECONDS)

    def paste(self, text: str) -> None:
        """Paste a text, as terminals do."""
        self._typed_at = len(self.output)
        super().type("\x1b[200~")
        os.write(self._ours, text.encode("utf-8", "replace"))
        super().type("\x1b[201~")

    def brings(self, *texts: str) -> None:
        """Read until all of these were drawn since the last key."""
        end = time.monotonic() + PATIENCE
        while not all(text in without_how(self.output[self._typed_at :]) for text in texts):
            assert time.monotonic() < end, f"never drawn: {texts}; but {self.output[self._typed_at :][-3000:]!r}"
            assert self._read(), self.output[-3000:]

    def rest(self, seconds: float = 0.2) -> None:
        """Read until nothing has been written for a while."""
        size = -1
        while size != len(self.raw):
            size = len(self.raw)
            end = time.monotonic() + seconds
            while time.monotonic() < end and size == len(self.raw):
                self._read()

    def resize(self, columns: int, rows: int) -> None:
        """Make the window larger or smaller."""
        self._typed_at = len(self.output)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process.send_signal(signal.SIGWINCH)

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 0.05)[0]:
            return self.process.poll() is None
        try:
            piece = os.read(self._ours, 65536)
        except OSError:
            return False
        self.raw += piece
        self.output += self._decoder.decode(piece)
        return bool(piece)
