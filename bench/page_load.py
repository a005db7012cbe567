"""The load on served pages: `python -m bench.page_load WANTED SECONDS` asks for one page on 16 connections at once.

It is a process of its own and does as little as it can, so that what it uses is not taken for the work of the pages.
"""

import asyncio
import sys
import time
from itertools import cycle
from pathlib import Path

import msgspec

CONNECTIONS = 16


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a page of this machine, by each of these sessions in turn."""

    port: int
    path: str
    sessions: list[str]


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What came: the seconds of each page, the seconds in all, and the processor time of this process."""

    took: list[float]
    wall: float
    processor: float


async def asked(wanted: Wanted, seconds: float) -> Load:
    """Asks until the time is over. Raises RuntimeError for any answer but a whole page of somebody signed in."""
    sessions = cycle(wanted.sessions)
    took: list[float] = []
    began, used = time.perf_counter(), time.process_time()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("localhost", wanted.port)
        while time.perf_counter() - began < seconds:
            start = time.perf_counter()
            writer.write(_request(wanted, next(sessions)))
            await _page(reader)
            took.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return Load(took=took, wall=time.perf_counter() - began, processor=time.process_time() - used)


def _request(wanted: Wanted, session: str) -> bytes:
    cookie = f"__Host-session={session}; __Host-lang=nl"
    return f"GET {wanted.path} HTTP/1.1\r\nHost: localhost:{wanted.port}\r\nCookie: {cookie}\r\n\r\n".encode()


async def _page(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    body = await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 200") or b"/sign-out" not in body:
        raise RuntimeError(head.decode())


if __name__ == "__main__":
    file, seconds = sys.argv[1:]
    load = asyncio.run(asked(msgspec.json.decode(Path(file).read_bytes(), type=Wanted), float(seconds)))
    sys.stdout.write(msgspec.json.encode(load).decode())
