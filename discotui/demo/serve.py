"""The demo server on the loopback interface, for other programs than this one."""

from __future__ import annotations

import signal
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from discotui.demo.server import DemoServer

LOOPBACK = "127.0.0.1"

_STOPPING = (signal.SIGINT, signal.SIGTERM)


class _Listener(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        # The base class asks the name service for our own name, which can take seconds without a network.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up is no error of ours.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: requests are kept in the server's own log."""


class _Stop(KeyboardInterrupt):
    """The process was asked to end."""


@contextmanager
def running(server: DemoServer, port: int = 0) -> Iterator[str]:
    """Serve on the loopback interface from a thread, until the block is left.

    Args:
        server: What to serve.
        port: 0 takes a free one.

    Yields:
        The base URL, such as ``http://127.0.0.1:49152``. Connections are accepted from here on.

    Raises:
        OSError: The port cannot be had.
        OverflowError: The number is no port.
    """
    with _Listener((LOOPBACK, port), _QuietHandler) as listener:
        listener.set_app(server)
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,), name="demo server", daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{listener.server_port}"
        finally:
            listener.shutdown()
            thread.join()


def serve(port: int, *, rate_limit: int, token: str | None, say: Callable[[str], None]) -> int:
    """Serve the sample collection until SIGINT or SIGTERM. To be called from the main thread.

    Args:
        port: 0 takes a free one.
        rate_limit: Requests a minute with a token.
        token: The owner's token, None for a random one.
        say: Receives the three lines that tell address, user and token, or the one that tells what is wrong.

    Returns:
        The exit code: 0, or 1 when the port cannot be had.
    """
    server = DemoServer(token=token, rate_limit=rate_limit)
    before = {number: signal.getsignal(number) for number in _STOPPING}
    try:
        for number in _STOPPING:
            signal.signal(number, _raise_stop)
        with running(server, port) as url:
            say(f"listening on {url}")
            say(f"user: {server.state.username}")
            say(f"token: {server.token}")
            threading.Event().wait()
    except _Stop:
        return 0
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "ports go from 0 to 65535"
        say(f"cannot listen on {LOOPBACK}, port {port}: {reason}")
        return 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _raise_stop(_number: int, _frame: FrameType | None) -> None:
    # Asked again while it is ending, the server still ends once and cleanly.
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise _Stop
