"""Real answers of Discogs, kept beside the project; tests that read them are skipped where they are missing."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "recorded"


def recorded(name: str) -> bytes:
    """One recorded answer, as it came."""
    file = FOLDER / name
    if not file.is_file():
        pytest.skip(f"no recorded answers at {FOLDER}")
    return file.read_bytes()
