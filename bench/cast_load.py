"""The load on a served booth: `python -m bench.cast_load FILE PORT FROM COUNT RATE` casts ballots made before.

It is a process of its own that only sends, so that what it uses is not taken for the work of the server. A ballot is
due at its moment whether or not those before it were answered, and its time counts from then: a queue counts too.
"""

import asyncio
import sys
import time
from pathlib import Path

import msgspec

CONNECTIONS = 64


class Ready(msgspec.Struct, frozen=True):
    """One ballot, as the booth's page sends it: the session and the body of the request."""

    session: str
    body: str


class Casts(msgspec.Struct, frozen=True, kw_only=True):
    """What came: the seconds of each, the trackers that were acknowledged, other answers, and what it cost."""

    took: list[float]
    trackers: list[str]
    refused: list[str]
    wall: float
    processor: float


async def cast(ready: list[bytes], port: int, rate: float) -> Casts:
    """Send each request at its moment, over connections that are kept open."""
    took: list[float] = []
    trackers: list[str] = []
    refused: list[str] = []
    due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    began, used = time.perf_counter(), time.process_time()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("localhost", port)
        while True:
            at, request = await due.get()
            writer.write(request)
            status, body = await _answer(reader)
            took.append(time.perf_counter() - at)
            if status == 200:
                trackers.append(msgspec.json.decode(body)["tracker"])
            else:
                refused.append(f"{status} {body[:80].decode('utf-8', 'replace')}")
            due.task_done()

    workers = [asyncio.create_task(connection()) for _ in range(CONNECTIONS)]
    for place, request in enumerate(ready):
        at = began + place / rate
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        due.put_nowait((at, request))
    waiting = asyncio.create_task(due.join())
    await asyncio.wait([waiting, *workers], return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        next(worker for worker in workers if worker.done()).result()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return Casts(
        took=took,
        trackers=trackers,
        refused=refused,
        wall=time.perf_counter() - began,
        processor=time.process_time() - used,
    )


def requests(file: Path, port: int, first: int, count: int) -> list[bytes]:
    """Read the ballots from `first` on as requests, whole before the first is sent."""
    with file.open("rb") as lines:
        chosen = [line for place, line in enumerate(lines) if first <= place < first + count]
    return [_request(msgspec.json.decode(line, type=Ready), port) for line in chosen]


def _request(ready: Ready, port: int) -> bytes:
    body = ready.body.encode()
    head = (
        f"POST /api/casts HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
        f"Authorization: Bearer {ready.session}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


if __name__ == "__main__":
    file, port, first, count, rate = sys.argv[1:]
    made = requests(Path(file), int(port), int(first), int(count))
    sys.stdout.write(msgspec.json.encode(asyncio.run(cast(made, int(port), float(rate)))).decode())
