"""Opens the demo of an installed discotui in a pseudo-terminal, reads its screen and leaves with q.

Run by ``.ci/run`` as ``python installed.py PATH-OF-DISCOTUI``, outside of the checkout, with the standard library.
"""

from __future__ import annotations

import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl

SECONDS = 60.0


def main(program: str) -> int:
    """0 when the demo showed its collection and left when asked to."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "140", "LINES": "40"}
    process = subprocess.Popen([program, "--demo"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    seen = b""
    end = time.monotonic() + SECONDS
    asked = False
    while process.poll() is None and time.monotonic() < end:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                seen += os.read(ours, 65536)
            except OSError:
                break
        if not asked and b"read just now" in seen and b"Alice Coltrane" in seen:
            os.write(ours, b"q")
            asked = True
    if process.poll() is None:
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
    code = process.wait()
    is_good = asked and code == 0
    print(f"{program} --demo: {'opened and left' if is_good else f'failed, exit code {code}'}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
