"""One line that tells how things stand: whose collection, how old the copy is, what waits, what goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from discotui.ui.once import once
from discotui.ui.text import age, clean, fit, number, plural
from discotui.ui.widgets.columns import MARKED

_DOT = " · "
_STAYS = 1
"""Parts of this rank and below make no room for what was just done: marks, troubles, what asks for a decision."""
_LEAST_HEAD = 16
"""With fewer cells for what was done, nobody could tell what that was."""


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand.

    Attributes:
        who: Whose collection, as it is to be read.
        read_only: Edits are refused.
        marked: How many items are marked, in words; "" for none.
        age: Seconds since the copy was known to be as Discogs'; None before the first reading is finished.
        page: Page of the reading that goes on, 0 when none.
        pages: Of how many.
        looking: A quick look goes on.
        sending: How far large edits are, in words; "" for none.
        opening: The file is being opened.
        waiting: Edits that Discogs has not confirmed, and that go by themselves.
        missing: Items that are missing at Discogs, too many to be set aside unasked.
        undecided: What asks the person for a decision, in words; "" for nothing.
        requests_left: How many may go out right now; None before the first.
        wait: Seconds until Discogs' limit lets us go on, 0 for not waiting.
        trouble: Why Discogs is not heard of, "" when it is: "offline", "token not accepted".
    """

    who: str = ""
    read_only: bool = False
    marked: str = ""
    age: float | None = None
    page: int = 0
    pages: int = 0
    looking: bool = False
    sending: str = ""
    opening: bool = False
    waiting: int = 0
    missing: int = 0
    undecided: str = ""
    requests_left: int | None = None
    wait: int = 0
    trouble: str = ""


class StatusBar(Widget):
    """Shows a :class:`Status` at the left, and for a while what was just done at the right."""

    COMPONENT_CLASSES = {"status-bar--strong", "status-bar--trouble", "status-bar--news"}  # noqa: RUF012 - Textual's own form

    DEFAULT_CSS = """
    StatusBar {
        height: 1;
        padding: 0 1;
        color: $text-muted;

        & > .status-bar--strong { color: $foreground; }
        & > .status-bar--trouble { color: $text-warning; }
        & > .status-bar--news { color: $accent; }
    }
    """

    status: reactive[Status] = reactive(Status())
    news: reactive[str] = reactive("")
    """What was just done. Any text: it is cleaned."""

    def say(self, text: str, seconds: float = 6.0) -> None:
        """Show at the right what was just done, for a while."""
        self.news = text
        once(self, seconds, lambda: self._forget(text))

    def _forget(self, text: str) -> None:
        if self.news == text:
            self.news = ""

    def update(self, **facts: object) -> None:
        """Change some of what is shown; see :class:`Status`."""
        self.status = replace(self.status, **facts)  # type: ignore[arg-type]

    def render(self) -> Text:
        """The line; the least important parts go when it is too narrow, for what was just done but not all."""
        width = self.content_size.width
        parts = self._parts()
        news = clean(self.news)
        room_for_news = min(cell_len(news) + 2, width * 3 // 4) if news else 0
        while len(parts) > 1:
            last = max(range(len(parts)), key=lambda index: parts[index][2])
            room = width - room_for_news if parts[last][2] > _STAYS else width
            if _width(parts) <= room:
                break
            parts.pop(last)
        line = Text(no_wrap=True, overflow="ellipsis")
        for index, (text, style, _) in enumerate(parts):
            if index:
                line.append(_DOT)
            line.append(text, self.get_component_rich_style(style) if style else "")
        if news:
            shown = _fit_news(news, max(0, width - line.cell_len - 2))
            line.append(" " * max(0, width - line.cell_len - cell_len(shown)))
            line.append(shown, self.get_component_rich_style("status-bar--news"))
        return line

    def _parts(self) -> list[tuple[str, str, int]]:
        """Text, component class, and rank: the highest goes first when room is short."""
        status = self.status
        parts: list[tuple[str, str, int]] = [(clean(status.who), "status-bar--strong", 5)]
        if status.marked:
            parts.append((f"{MARKED} {status.marked}", "status-bar--news", -1))
        if status.read_only:
            parts.append(("read-only", "", 4))
        if status.trouble:
            parts.append((clean(status.trouble), "status-bar--trouble", 0))
        if status.undecided:
            parts.append((status.undecided, "status-bar--trouble", 1))
        if status.wait:
            parts.append((f"Discogs' limit: on in {status.wait} s", "status-bar--trouble", 1))
        if status.opening:
            parts.append(("opening …", "", 2))
        elif status.pages:
            parts.append((f"reading page {number(status.page)} of {number(status.pages)}", "", 2))
        elif status.looking:
            parts.append(("looking for changes", "", 2))
        elif status.age is not None:
            parts.append((f"read {age(status.age)}", "", 6))
        elif not status.trouble:
            parts.append(("reading", "", 2))
        if status.missing:
            parts.append((f"{plural(status.missing, 'item')} missing at Discogs", "status-bar--trouble", 1))
        if status.sending:
            # It is there again when what was just done has been read.
            parts.append((status.sending, "status-bar--strong", 2 if self.news else 1))
        elif status.waiting:
            parts.append((f"{plural(status.waiting, 'change')} waiting ↑", "status-bar--strong", 2))
        if status.requests_left is not None and not status.wait and not status.trouble:
            parts.append((f"{plural(status.requests_left, 'request')} left this minute", "", 7))
        return parts


def _fit_news(news: str, room: int) -> str:
    """What was just done in so many cells: where it is too long, its last part stays, as a way back."""
    head, dot, tail = news.rpartition(_DOT)
    room_for_head = room - cell_len(dot + tail)
    if cell_len(news) <= room or room_for_head < _LEAST_HEAD:
        return fit(news, min(room, cell_len(news)))
    return fit(head, room_for_head).rstrip() + dot + tail


def _width(parts: list[tuple[str, str, int]]) -> int:
    return sum(cell_len(text) for text, _, _ in parts) + cell_len(_DOT) * (len(parts) - 1)
