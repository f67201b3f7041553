"""The few styles that the line-drawn views share."""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Tones:
    """The styles that lines are drawn in, resolved for the theme in use.

    Attributes:
        main: What one reads first.
        strong: A line that stands out, such as the folder that is shown.
        quiet: What is secondary.
        accent: The one accent colour: ratings, marks, the sort arrow.
        header: Titles of columns and sections.
        header_strong: The title of the sorted column.
        placeholder: What stands in an empty view.
        cursor: The whole line under the cursor while the view has the focus.
        cursor_blurred: Put over the line's own styles while it has not.
        cell: The cell of the cursor's line that a cursor among columns stands on.
    """

    main: Style
    strong: Style
    quiet: Style
    accent: Style
    header: Style
    header_strong: Style
    placeholder: Style
    cursor: Style
    cursor_blurred: Style
    cell: Style

    @classmethod
    def of(cls, view: Widget) -> Tones:
        """The styles of a view's component classes, all named ``line-view--…``."""
        style = view.get_component_rich_style
        cursor = style("line-view--cursor")
        return cls(
            main=view.rich_style,
            strong=style("line-view--strong"),
            quiet=style("line-view--quiet"),
            accent=style("line-view--accent"),
            header=style("line-view--header"),
            header_strong=style("line-view--header-strong"),
            placeholder=style("line-view--placeholder"),
            cursor=cursor,
            cell=style("line-view--cell"),
            # The background of the whole style is the one that a translucent colour has been mixed into.
            cursor_blurred=Style(bgcolor=cursor.bgcolor) + style("line-view--cursor", partial=True).without_color,
        )
