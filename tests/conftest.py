"""What all tests share."""

from __future__ import annotations

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
