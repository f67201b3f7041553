"""The program's own theme: quiet greys, and one accent. Every other theme of Textual can be chosen too."""

from textual.theme import Theme

RECORD_SLEEVE = Theme(
    name="discotui",
    primary="#d9a05b",
    secondary="#8f8577",
    accent="#d9a05b",
    warning="#e0b04c",
    error="#d7604f",
    success="#8fae6b",
    foreground="#e6e1d8",
    background="#151412",
    surface="#1d1b18",
    panel="#2b2823",
    dark=True,
    variables={
        "block-cursor-foreground": "#151412",
        "block-cursor-background": "#d9a05b",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": "#e6e1d8",
        "block-cursor-blurred-background": "#35302a",
        "block-cursor-blurred-text-style": "none",
        "input-cursor-background": "#e6e1d8",
        "scrollbar": "#4a443b",
        "scrollbar-hover": "#6a6254",
        "scrollbar-active": "#d9a05b",
        "scrollbar-background": "#1a1816",
        "scrollbar-corner-color": "#1a1816",
        "border": "#d9a05b",
        "border-blurred": "#35302a",
    },
)
