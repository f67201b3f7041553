"""How the program was started: whose collection, with which token, at which server."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from discotui.credentials import TOKEN_FORM, CredentialFile, KnownUsers, Token
from discotui.errors import BadSetting
from discotui.paths import config_folder, data_folder, library_file

if TYPE_CHECKING:
    from discotui.demo.server import DemoServer
    from discotui.discogs.client import DiscogsClient

DISCOGS_URL = "https://api.discogs.com"
DISCOGS_SITE = "https://www.discogs.com"
TOKEN_PAGE = "https://www.discogs.com/settings/developers"  # noqa: S105 - an address

_EXAMPLES = 3


class Kind(Enum):
    """Whose collection is shown, and what may be done to it."""

    OWN = "own"
    PUBLIC = "public"
    DEMO = "demo"


@dataclass(frozen=True)
class Start:
    """Everything that is decided before the screen opens.

    Attributes:
        kind: Own, somebody's public one, or the demo.
        user: Whose; "" while it must still be asked: the token's owner.
        token: None for strangers.
        api_url: Where the API is.
        read_only: Asked for with --read-only. A public collection is read-only by itself.
        folder: Where the library file goes.
        demo: The server in memory, for the demo.
    """

    kind: Kind
    user: str = ""
    token: Token | None = None
    api_url: str = DISCOGS_URL
    read_only: bool = False
    folder: Path | None = None
    demo: DemoServer | None = None

    @property
    def who(self) -> str:
        """Whose collection, for people."""
        match self.kind:
            case Kind.DEMO:
                return "demo"
            case Kind.PUBLIC:
                return f"{self.user}'s collection"
            case Kind.OWN:
                return self.user

    @property
    def is_own(self) -> bool:
        """Whether edits can be sent at all."""
        return self.kind is not Kind.PUBLIC

    @property
    def is_read_only(self) -> bool:
        """Whether edits are refused."""
        return self.read_only or not self.is_own

    @property
    def library_path(self) -> Path:
        """The library file."""
        return library_file(self.folder or data_folder(), self.api_url, self.user, public=self.kind is Kind.PUBLIC)

    def client(self) -> DiscogsClient:
        """A client for this start. Imports the HTTP library: not before the first frame.

        Raises:
            BadSetting: The API's address cannot be used.
        """
        from discotui.discogs.client import DiscogsClient, in_memory  # noqa: PLC0415

        if self.demo is not None:
            return DiscogsClient(self.token, transport=in_memory(self.demo))
        return DiscogsClient(self.token, base_url=self.api_url)

    def release_url(self, release_id: int) -> str | None:
        """The release's page on the website; None in the demo, whose releases are its own."""
        return None if self.demo is not None else f"{DISCOGS_SITE}/release/{release_id}"

    def examples(self, owned: Container[int]) -> list[int]:
        """Some releases that can be added in the demo, whose numbers nobody could know; none outside of it."""
        if self.demo is None:
            return []
        return [number for number in sorted(self.demo.state.releases) if number not in owned][:_EXAMPLES]


def start_own(environ: Mapping[str, str], *, read_only: bool) -> Start | None:
    """A start with the token of the environment, or else the kept one; None when there is neither.

    The user's name is "" when the token was never seen before: Discogs must be asked.

    Raises:
        BadSetting: DISCOTUI_TOKEN is nothing that could be a token.
    """
    api_url = api_url_of(environ)
    token = Token(environ.get("DISCOTUI_TOKEN", ""))
    if token:
        if not token.is_plausible:
            raise BadSetting("DISCOTUI_TOKEN", "…", f"a token is {TOKEN_FORM}")
        user = KnownUsers(data_folder()).user_of(token, api_url) or ""
        return Start(Kind.OWN, user, token, api_url, read_only)
    kept = CredentialFile(config_folder()).load(api_url)
    if kept is None:
        return None
    token, user = kept
    return Start(Kind.OWN, user, token, api_url, read_only)


def start_public(environ: Mapping[str, str], user: str) -> Start:
    """A stranger's look at a public collection; with a token, if there is one, for the sake of its rate limit."""
    own = start_own(environ, read_only=True)
    return Start(Kind.PUBLIC, user, own.token if own else None, api_url_of(environ))


def start_demo(folder: Path, *, read_only: bool) -> Start:
    """The sample collection, served from memory.

    Args:
        folder: A temporary one; the caller deletes it.
        read_only: Refuse edits.
    """
    from discotui.demo.server import DemoServer  # noqa: PLC0415

    server = DemoServer()
    return Start(Kind.DEMO, server.state.username, Token(server.token), DISCOGS_URL, read_only, folder, demo=server)


def with_user(start: Start, user: str) -> Start:
    """The start, now that Discogs has told whose token it is; remembered for next time."""
    if start.token is not None and start.kind is Kind.OWN:
        KnownUsers(data_folder()).remember(start.token, start.api_url, user)
    return replace(start, user=user)


def api_url_of(environ: Mapping[str, str]) -> str:
    """The API's address: DISCOTUI_API_URL, or Discogs'."""
    return environ.get("DISCOTUI_API_URL", "").strip().rstrip("/") or DISCOGS_URL
