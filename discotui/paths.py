"""Where the program keeps things: the system's own folders, so that the XDG variables hold."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit

_APP = "discotui"


def data_folder() -> Path:
    """The collections."""
    from platformdirs import user_data_path  # noqa: PLC0415 - the demo needs none of it

    return user_data_path(_APP, appauthor=False)


def config_folder() -> Path:
    """The token, and whose it is."""
    from platformdirs import user_config_path  # noqa: PLC0415

    return user_config_path(_APP, appauthor=False)


def library_file(folder: Path, api_url: str, user: str, *, public: bool) -> Path:
    """The file of one account at one API host.

    Args:
        folder: The data folder.
        api_url: The API's address; host and port tell collections of different servers apart.
        user: Whose collection. Discogs tells names apart regardless of case.
        public: A stranger's view: never mixed up with the owner's.
    """
    host = urlsplit(api_url).netloc.replace(":", "_")
    name = quote(user.casefold(), safe="")
    return folder / quote(host, safe="") / (f"{name}.public.sqlite" if public else f"{name}.sqlite")
