"""The personal access token: a type that cannot be printed by accident, and the file that keeps it."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

TOKEN_FORM = "8 to 200 letters and digits, without blanks"  # noqa: S105 - what one looks like, for people


class Token:
    """A Discogs token that shows itself to nobody but the HTTP client.

    ``repr``, ``str``, formatting and pickling give no secret, so that neither a traceback with local variables
    nor a log line nor a crash screen can carry it away.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret.strip()

    def reveal(self) -> str:
        """The secret itself. Called where the Authorization header is written, and where it is stored."""
        return self._secret

    @property
    def fingerprint(self) -> str:
        """A short one-way mark of the token, to know it again without keeping it."""
        return hashlib.sha256(self._secret.encode()).hexdigest()[:16]

    @property
    def is_plausible(self) -> bool:
        """Whether this could be a token at all: printable ASCII without blanks, not absurdly long or short."""
        secret = self._secret
        return 8 <= len(secret) <= 200 and secret.isascii() and secret.isprintable() and " " not in secret

    def __bool__(self) -> bool:
        return bool(self._secret)

    def __repr__(self) -> str:
        return "Token(…)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and other._secret == self._secret

    def __hash__(self) -> int:
        return hash(self._secret)


class CredentialFile:
    """Keeps tokens, one for each API server, in a file that only its owner can read.

    A token is given to the server that accepted it and to no other: what is kept for one address is not found
    under another.

    Args:
        folder: The configuration folder; made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "token.json"

    def load(self, api_url: str) -> tuple[Token, str] | None:
        """The token kept for a server and its user's name; None when there is none, or nothing that could be one."""
        kept = _read_json(self.path).get(api_url)
        try:
            token, user = Token(kept["token"]), kept["user"]  # type: ignore[index]
        except (TypeError, KeyError, AttributeError):
            return None
        return (token, user) if token.is_plausible and isinstance(user, str) and user else None

    def save(self, token: Token, user: str, api_url: str) -> None:
        """Keep a token that a server has accepted; those of other servers stay.

        Args:
            token: The token.
            api_url: The server's address.
            user: Whose it is.

        Raises:
            OSError: The file cannot be written.
        """
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        # Made with its final mode: at no time can anybody else read it.
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            # In one go, so that no frame of a traceback has the secret among its variables when the disk is full.
            file.write(json.dumps(_read_json(self.path) | {api_url: {"token": token.reveal(), "user": user}}))
        fresh.replace(self.path)

    def forget(self) -> None:
        """Delete all kept tokens."""
        self.path.unlink(missing_ok=True)


class KnownUsers:
    """Remembers whose token is whose by a one-way mark, so that a token from the environment needs no asking.

    Args:
        folder: The data folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "users.json"

    def user_of(self, token: Token, api_url: str) -> str | None:
        """The name that Discogs once gave for the token, None when it was never asked."""
        user = _read_json(self.path).get(self._key(token, api_url))
        return user if isinstance(user, str) and user else None

    def remember(self, token: Token, api_url: str, user: str) -> None:
        """Note whose token it is.

        Raises:
            OSError: The file cannot be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.touch(mode=0o600)
        self.path.write_text(json.dumps(_read_json(self.path) | {self._key(token, api_url): user}), "utf-8")

    @staticmethod
    def _key(token: Token, api_url: str) -> str:
        return f"{token.fingerprint}@{api_url}"


def _read_json(path: Path) -> dict[str, object]:
    """The object in a file that is its owner's alone from now on; empty when there is none, or something else."""
    with suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    try:
        known = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
