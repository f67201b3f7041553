"""What the screen began with when the program was left last: kept in the library file, and read before that is opened.

Opening a large library takes a while: it is looked through for damage, and all of it is read. Meanwhile the screen can
show this. The first transaction of whatever else takes it away, so it never tells of a state that has been left since.
To the library it is a text, of which only the screen knows what is in it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

KEY = "last_seen"
"""Among the small facts of the file."""


def last_seen(path: Path) -> str | None:
    """What was kept, None where there is nothing or it cannot be read right now: why not is told when opening.

    To be called while this program does not have the file open.
    """
    try:
        if not path.is_file():
            return None
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    except (sqlite3.Error, OSError, UnicodeDecodeError):
        return None
    return row[0] if row and isinstance(row[0], str) else None
