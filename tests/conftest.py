"""What all tests share."""

from __future__ import annotations

from typing import Any

import pytest

from tests.figures import FIGURES


@pytest.fixture
def anyio_backend() -> str:
    """Textual runs on asyncio."""
    return "asyncio"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the numbers that were counted."""
    for figure in FIGURES:
        terminalreporter.write_line(figure)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the numbers over to the process that tells them, where the run is shared out among several."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = FIGURES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what one of these processes has counted."""
    FIGURES.extend(getattr(node, "workeroutput", {}).get("figures", ()))
