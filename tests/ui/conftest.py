"""Fixtures of the tests that drive the whole program."""

from __future__ import annotations

from pathlib import Path

import pytest

from discotui.credentials import Token
from discotui.start import Kind, Start
from tests.demo_data import OWNER, TOKEN
from tests.ui.driving import WiredStart, server_of, start_at


@pytest.fixture
def own_start(tmp_path: Path) -> WiredStart:
    """The owner's own collection, small, at a server of its own."""
    return start_at(server_of(), tmp_path)


@pytest.fixture
def public_start(tmp_path: Path) -> WiredStart:
    """The same collection as a stranger sees it."""
    return start_at(server_of(), tmp_path, kind=Kind.PUBLIC)


@pytest.fixture
def demo_start(tmp_path: Path) -> Start:
    """The demo, over the small collection."""
    return Start(Kind.DEMO, OWNER, Token(TOKEN), folder=tmp_path, demo=server_of())
