"""The token is seen nowhere, and its file is read by its owner alone."""

from __future__ import annotations

import copy
import os
import pickle
import stat
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from discotui.credentials import CredentialFile, KnownUsers, Token

URL = "https://api.discogs.com"
SECRET = "CanaryTokenAbcdefghijklmnopqrstuvwxyz012"


def test_no_way_of_printing_shows_the_secret() -> None:
    token = Token(SECRET)
    shown = [repr(token), str(token), f"{token}", f"{token!r}", f"{token:>60}", "{}".format(token), "%s" % token]  # noqa: UP031, UP032
    assert not any(SECRET in text for text in shown)
    assert SECRET not in repr({"token": token, "all": [token]})


def test_a_token_is_neither_pickled_nor_copied_deeply() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(Token(SECRET), protocol)
    with pytest.raises(TypeError):
        copy.deepcopy(Token(SECRET))


def frames_of(error: BaseException) -> str:
    """A traceback with the variables of its frames, but for the test's own."""
    captured = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(line for frame in list(captured.stack)[1:] for line in [str(frame.line), repr(frame.locals)])


def test_a_traceback_with_variables_does_not_show_the_secret(tmp_path: Path) -> None:
    token = Token(SECRET)
    with pytest.raises(OSError) as caught:  # noqa: PT011
        CredentialFile(tmp_path / ("x" * 300)).save(token, "me", URL)
    assert SECRET not in frames_of(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_while_saving_does_not_show_the_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = os.open

    def open_full(path: str, flags: int, mode: int = 0o777) -> int:
        return real_open("/dev/full", os.O_WRONLY)

    token = Token(SECRET)
    monkeypatch.setattr(os, "open", open_full)
    with pytest.raises(OSError) as caught:  # noqa: PT011
        CredentialFile(tmp_path).save(token, "me", URL)
    monkeypatch.undo()
    assert SECRET not in frames_of(caught.value)


@pytest.mark.parametrize(
    ("text", "is_plausible"),
    [
        (SECRET, True),
        ("x" * 8, True),
        ("x" * 7, False),
        ("x" * 201, False),
        ("with blank in", False),
        ("with\nnewline", False),
        ("tökentöken", False),
        ("", False),
    ],
)
def test_what_cannot_be_a_token_is_known_at_once(text: str, is_plausible: bool) -> None:
    assert Token(text).is_plausible is is_plausible


def test_blanks_around_a_pasted_token_do_not_count() -> None:
    assert Token(f" {SECRET}\n") == Token(SECRET)
    assert Token(f" {SECRET}\n").reveal() == SECRET
    assert len({Token(SECRET), Token(SECRET), Token("another-one")}) == 2
    assert not Token("  ")


def test_a_fingerprint_knows_the_token_without_holding_it() -> None:
    assert Token(SECRET).fingerprint == Token(SECRET).fingerprint
    assert Token(SECRET).fingerprint != Token(SECRET + "x").fingerprint
    assert Token(SECRET).fingerprint not in SECRET


def test_a_kept_token_is_found_again_and_forgotten(tmp_path: Path) -> None:
    kept = CredentialFile(tmp_path / "discotui")
    assert kept.load(URL) is None
    kept.save(Token(SECRET), "björn", URL)
    assert kept.load(URL) == (Token(SECRET), "björn")
    kept.save(Token("another-token"), "else", URL)
    assert kept.load(URL) == (Token("another-token"), "else")
    kept.forget()
    kept.forget()
    assert kept.load(URL) is None


def test_a_token_is_kept_for_the_server_that_accepted_it(tmp_path: Path) -> None:
    kept, other = CredentialFile(tmp_path), "http://127.0.0.1:8000"
    kept.save(Token(SECRET), "me", URL)
    assert kept.load(other) is None
    kept.save(Token("the-demo-token"), "cratedigger", other)
    assert kept.load(URL) == (Token(SECRET), "me")
    assert kept.load(other) == (Token("the-demo-token"), "cratedigger")


def test_only_the_owner_can_read_the_kept_token(tmp_path: Path) -> None:
    folder = tmp_path / "discotui"
    folder.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        CredentialFile(folder).save(Token(SECRET), "me", URL)
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "token.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["token.json"]


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"3",
        b"\xff\xfe",
        b"{}",
        b'{"https://api.discogs.com": 5}',
        b'{"https://api.discogs.com": {"token": 5, "user": "me"}}',
        b'{"https://api.discogs.com": {"token": "short", "user": "me"}}',
        b'{"https://api.discogs.com": {"token": "long-enough-token"}}',
        b'{"https://api.discogs.com": {"token": "long-enough-token", "user": 3}}',
        b'{"https://api.discogs.com": {"token": "long-enough-token", "user": ""}}',
        b"[" * 100_000,
    ],
)
def test_garbage_in_the_file_is_no_token(tmp_path: Path, garbage: bytes) -> None:
    (tmp_path / "token.json").write_bytes(garbage)
    (tmp_path / "users.json").write_bytes(garbage)
    assert CredentialFile(tmp_path).load(URL) is None
    assert KnownUsers(tmp_path).user_of(Token(SECRET), "https://api.discogs.com") is None


def test_users_are_known_by_token_and_server_without_the_secret(tmp_path: Path) -> None:
    known = KnownUsers(tmp_path / "data")
    known.remember(Token(SECRET), "https://a", "one")
    known.remember(Token(SECRET), "https://b", "two")
    assert known.user_of(Token(SECRET), "https://a") == "one"
    assert known.user_of(Token(SECRET), "https://b") == "two"
    assert known.user_of(Token("another-one"), "https://a") is None
    assert SECRET not in (tmp_path / "data" / "users.json").read_text("utf-8")


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o640])
def test_files_that_others_may_read_are_their_owners_alone_once_they_are_used(tmp_path: Path, mode: int) -> None:
    credentials, known = CredentialFile(tmp_path), KnownUsers(tmp_path)
    credentials.save(Token(SECRET), "me", URL)
    known.remember(Token(SECRET), URL, "me")
    uses: list[Callable[[], object]] = [
        lambda: credentials.load(URL),
        lambda: known.user_of(Token(SECRET), URL),
        lambda: credentials.save(Token(SECRET), "you", URL),
        lambda: known.remember(Token(SECRET), URL, "you"),
    ]
    for use, path in zip(uses, [credentials.path, known.path] * 2, strict=True):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(mode)
        use()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert credentials.load(URL) == (Token(SECRET), "you")
    assert known.user_of(Token(SECRET), URL) == "you"
