"""The command line: decides what to start, and imports Textual only when the screen is wanted."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from discotui import __version__
from discotui.credentials import TOKEN_FORM, Token
from discotui.errors import BadSetting

if TYPE_CHECKING:
    from discotui.start import Start

DONE, FAILED, WRONG_USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: Those of the command line when None.

    Returns:
        The exit code: 0 done, 1 failed, 2 wrong usage.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.command == "demo-server":
            return _serve_demo(options)
        return _end(_open(options))
    except BadSetting as error:
        print(f"discotui: {error.name}={error.value}: {error.why}", file=sys.stderr)
        return WRONG_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="discotui",
        description="Keep your Discogs record collection from the terminal.",
        epilog="Environment: DISCOTUI_TOKEN (a personal access token), DISCOTUI_API_URL (another API server: https, "
        "or http on this machine).",
    )
    parser.add_argument("--version", action="version", version=f"discotui {__version__}")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--demo", action="store_true", help="a sample collection: no account, no network, nothing kept")
    which.add_argument("--user", metavar="NAME", help="somebody's public collection, read-only")
    parser.add_argument("--read-only", action="store_true", help="no command that changes anything")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    server = commands.add_parser(
        "demo-server",
        help="serve the demo's API on this machine, for other clients",
        description="Serve the demo's API.",
    )
    server.add_argument("--port", type=_port, default=8000, help="on 127.0.0.1; 0 takes any free one (default: 8000)")
    server.add_argument("--token", type=_token, help="the owner's token (default: made anew and printed)")
    server.add_argument(
        "--rate-limit", type=_rate_limit, default=60, metavar="N", help="requests a minute (default: 60, as at Discogs)"
    )
    return parser


def _port(text: str) -> int:
    number = _number(text)
    if number is None or not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to 65535")
    return number


def _rate_limit(text: str) -> int:
    number = _number(text)
    if number is None or number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no rate limit: at least 1")
    return number


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _token(text: str) -> str:
    if not Token(text).is_plausible:
        raise argparse.ArgumentTypeError(f"that is no token: {TOKEN_FORM}")
    return text


def _serve_demo(options: argparse.Namespace) -> int:
    from discotui.demo.serve import serve  # noqa: PLC0415

    return serve(
        options.port,
        rate_limit=options.rate_limit,
        token=options.token,
        say=lambda line: print(line, flush=True),
    )


def _open(options: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("discotui: a terminal is needed: standard input and output must not be redirected.", file=sys.stderr)
        return FAILED
    if options.demo:
        from discotui.start import start_demo  # noqa: PLC0415

        with tempfile.TemporaryDirectory(prefix="discotui-demo-", ignore_cleanup_errors=True) as folder:
            return _show(start_demo(Path(folder), read_only=options.read_only), options)
    if api_url := os.environ.get("DISCOTUI_API_URL", "").strip():
        from discotui.discogs.transport import checked_address  # noqa: PLC0415 - costs; only where it is needed

        checked_address(api_url)
    from discotui.start import start_own, start_public  # noqa: PLC0415

    if options.user is None:
        return _show(start_own(os.environ, read_only=options.read_only), options)
    user = options.user.strip()
    if not user:
        raise BadSetting("--user", options.user, "a user's name at Discogs is needed")
    return _show(start_public(os.environ, user), options)


def _show(start: Start | None, options: argparse.Namespace) -> int:
    # All that is loaded for the first frame stays. Looking through it for garbage would take a quarter of the time
    # until then; the app does so again once a collection is open.
    gc.disable()
    from discotui.ending import Ending  # noqa: PLC0415
    from discotui.ui.app import DiscotuiApp  # noqa: PLC0415

    ending = Ending()
    app = DiscotuiApp(start, read_only=options.read_only, leaving=ending.begin)
    with ending.heeding(app.leave):
        app.run()
    if app.last_words:
        print(app.last_words, file=sys.stderr)
    return app.return_code or DONE


def _end(code: int) -> int:
    """Leave now: a thread that waits for a dead connection has nothing left to lose, and must not hold us up."""
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    return code
