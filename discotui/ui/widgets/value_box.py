"""What Discogs thinks the collection is worth, below the folders."""

from __future__ import annotations

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from discotui.library.items import Value
from discotui.ui.text import clean, fit_right


class ValueBox(Widget):
    """Three lines: the whole collection at the lowest, the median and the highest price; in a low window one."""

    DEFAULT_CSS = """
    ValueBox {
        height: 5;
        padding: 1 1 0 1;
        color: $text-muted;
        display: none;
    }
    ValueBox.-known { display: block; }
    """

    value: reactive[Value | None] = reactive(None)

    def watch_value(self, value: Value | None) -> None:
        """Nothing known, nothing shown: strangers are not told."""
        self.set_class(value is not None, "-known")

    def render(self) -> Text:
        """Label and amount on each line."""
        text = Text(no_wrap=True, overflow="ellipsis")
        if self.value is None:
            return text
        lines = (("minimum", self.value.minimum), ("median", self.value.median), ("maximum", self.value.maximum))
        if self.content_size.height < len(lines):
            text.append(self._line("value", self.value.median))
            return text
        text.append("Value at Discogs\n")
        text.append("\n".join(self._line(name, amount) for name, amount in lines))
        return text

    def _line(self, name: str, amount: str) -> str:
        return f"{name} {fit_right(clean(amount), max(1, self.content_size.width - len(name) - 1))}"
