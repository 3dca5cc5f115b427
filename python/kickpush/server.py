"""Finds Kickpush and starts its vector server (``kickpush vec-server``)."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

#: How long (seconds) the server may take to begin.
START = 60.0


def command() -> list[str]:
    """The words that call Kickpush.

    In order: the variable ``KICKPUSH`` (a command line), an install in ``node_modules`` of this folder or one above,
    the checkout this package lies in, ``kickpush`` on the path, and last ``npx`` with this package's version.

    Raises:
        FileNotFoundError: without Node.
    """
    given = os.environ.get("KICKPUSH")
    if given:
        return shlex.split(given)
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("Kickpush runs in Node 20 or 22: install it, or say how to call kickpush in KICKPUSH")
    here = Path.cwd()
    for folder in (here, *here.parents):
        script = folder / "node_modules" / "kickpush" / "bin" / "kickpush.js"
        if script.is_file():
            return [node, str(script)]
    script = Path(__file__).resolve().parents[2] / "bin" / "kickpush.js"
    if script.is_file():
        return [node, str(script)]
    found = shutil.which("kickpush")
    # This package's own console would not be it: there is none.
    if found:
        return [found]
    npx = shutil.which("npx")
    if npx is None:
        raise FileNotFoundError("no kickpush was found: npm install kickpush, or say how to call it in KICKPUSH")
    from . import __version__

    return [npx, "--yes", f"kickpush@{__version__}"]


class Server:
    """A running server and the one connection to it; ``close`` ends both.

    Where the system has sockets of the file system they carry the numbers, else the server's standard streams do.
    """

    def __init__(self, flags: list[str], modules: list[str]) -> None:
        words = [*command(), "vec-server", *flags]
        for module in modules:
            words += ["--env-module", module]
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._socket: socket.socket | None = None
        if hasattr(socket, "AF_UNIX") and sys.platform != "win32":
            self._folder = tempfile.TemporaryDirectory(prefix="kickpush-")
            path = str(Path(self._folder.name) / "lanes")
            self._process = subprocess.Popen(
                [*words, "--socket", path, "--single"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            self._await()
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.connect(path)
        else:
            self._process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )

    def _await(self) -> None:
        """Waits for the line that says where the server listens."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            _, said = self._process.communicate()
            self.close()
            raise ChildProcessError(said.decode(errors="replace").strip() or "kickpush ended without a word")

    def send(self, data: bytes | memoryview) -> None:
        if self._socket:
            self._socket.sendall(data)
        else:
            assert self._process.stdin is not None
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def fill(self, view: memoryview) -> None:
        """Reads until ``view`` is full. Raises ConnectionError when the server is gone."""
        got = 0
        while got < len(view):
            if self._socket:
                count = self._socket.recv_into(view[got:])
            else:
                assert self._process.stdout is not None
                count = self._process.stdout.readinto(view[got:])  # type: ignore[attr-defined]
            if not count:
                raise ConnectionError("the kickpush server is gone")
            got += count

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        if self._folder:
            self._folder.cleanup()
            self._folder = None
