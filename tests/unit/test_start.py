"""Whose collection is opened, with which token, at which server."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from discotui import paths, start
from discotui.credentials import CredentialFile, KnownUsers, Token
from discotui.errors import BadSetting
from discotui.start import DISCOGS_URL, Kind, Start, start_demo, start_own, start_public, with_user

SECRET = "CanaryTokenAbcdefghijklmnopqrstuvwxyz012"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr(start, "config_folder", lambda: tmp_path / "config")


def test_without_a_token_there_is_no_start() -> None:
    assert start_own({}, read_only=False) is None
    assert start_own({"DISCOTUI_TOKEN": "  "}, read_only=False) is None


def test_a_token_in_the_environment_is_taken_and_its_user_asked_for() -> None:
    found = start_own({"DISCOTUI_TOKEN": f" {SECRET} "}, read_only=True)
    assert found == Start(Kind.OWN, "", Token(SECRET), DISCOGS_URL, read_only=True)
    assert found.is_own
    assert found.is_read_only


def test_a_user_once_told_is_remembered() -> None:
    first = start_own({"DISCOTUI_TOKEN": SECRET}, read_only=False)
    assert first is not None
    assert with_user(first, "Collector").user == "Collector"
    again = start_own({"DISCOTUI_TOKEN": SECRET}, read_only=False)
    assert again is not None
    assert again.user == "Collector"


def test_a_user_told_by_one_server_is_not_believed_at_another() -> None:
    first = start_own({"DISCOTUI_TOKEN": SECRET}, read_only=False)
    assert first is not None
    with_user(first, "Collector")
    other = start_own({"DISCOTUI_TOKEN": SECRET, "DISCOTUI_API_URL": "http://127.0.0.1:8000/"}, read_only=False)
    assert other is not None
    assert (other.user, other.api_url) == ("", "http://127.0.0.1:8000")


def test_the_kept_token_is_used_when_the_environment_has_none(tmp_path: Path) -> None:
    CredentialFile(tmp_path / "config").save(Token("kept-token"), "Keeper", DISCOGS_URL)
    found = start_own({}, read_only=False)
    assert found == Start(Kind.OWN, "Keeper", Token("kept-token"))
    assert start_own({"DISCOTUI_API_URL": "http://127.0.0.1:1"}, read_only=False) is None, "kept for Discogs alone"
    from_environment = start_own({"DISCOTUI_TOKEN": SECRET}, read_only=False)
    assert from_environment is not None
    assert from_environment.token == Token(SECRET)


def test_an_impossible_token_is_told_without_showing_it() -> None:
    secret = f"{SECRET} and more"
    with pytest.raises(BadSetting) as caught:
        start_own({"DISCOTUI_TOKEN": secret}, read_only=False)
    captured = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert secret not in str(caught.value)
    locals_of_ours = [frame.locals or {} for frame in list(captured.stack)[1:]]
    assert locals_of_ours
    shown = [value for variables in locals_of_ours for name, value in variables.items() if name != "environ"]
    assert not any(secret in value for value in shown)


def test_a_public_collection_is_read_only_and_has_a_file_of_its_own(tmp_path: Path) -> None:
    public = start_public({"DISCOTUI_TOKEN": SECRET}, "Somebody")
    assert (public.kind, public.user, public.token) == (Kind.PUBLIC, "Somebody", Token(SECRET))
    assert public.is_read_only
    assert not public.is_own
    own = Start(Kind.OWN, "Somebody", Token(SECRET))
    assert own.library_path != public.library_path
    assert start_public({}, "Somebody").token is None
    assert with_user(public, "Somebody").user == "Somebody"
    assert KnownUsers(tmp_path / "data").user_of(Token(SECRET), DISCOGS_URL) is None


def test_the_demo_keeps_its_library_where_it_is_told(tmp_path: Path) -> None:
    demo = start_demo(tmp_path / "demo", read_only=False)
    assert demo.library_path.is_relative_to(tmp_path / "demo")
    assert demo.release_url(1) is None
    assert Start(Kind.OWN, "me").release_url(17) == "https://www.discogs.com/release/17"


def test_files_are_told_apart_by_server_and_user_and_stay_in_their_folder(tmp_path: Path) -> None:
    def file(api_url: str, user: str) -> Path:
        return paths.library_file(tmp_path, api_url, user, public=False)

    assert file("https://a", "Me") == file("https://a", "mE")
    assert file("https://a", "me") != file("https://b", "me")
    assert file("http://127.0.0.1:1", "me") != file("http://127.0.0.1:2", "me")
    for user in ("../../etc/passwd", "..", "a/b", "a\x00b", "ünï"):
        assert file("https://a", user).resolve().is_relative_to(tmp_path.resolve())
        assert file("https://a", user).parent == file("https://a", "me").parent
