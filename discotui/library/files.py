"""Files beside a library: names that are free, for their owner alone, and there after a power failure."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path


def beside(path: Path, suffix: str) -> Path:
    """A name beside a file that nothing has yet: "ann.sqlite.v1-copy", then "ann.sqlite.v1-copy-2"."""
    names = (path.with_name(f"{path.name}{suffix}{f'-{number}' if number > 1 else ''}") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))


def make_private(path: Path) -> None:
    """Make an empty file with its final mode: at no time can anybody else read it.

    Raises:
        FileExistsError: It is there.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def make_part(path: Path) -> Path:
    """An empty file beside another one, for what is to get its own name only when it is whole.

    What a former program left under that name is thrown away.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    make_private(part)
    return part


def sync_folder(folder: Path) -> None:
    """Make names that were given in a folder outlast a power failure, where the system can be asked for it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
