"""Many episodes of one game, stepped together, as numpy arrays."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .server import Server

PROTOCOL = 1
OPEN, RESET, STEP, RENDER, SAVE, LOAD, DESCRIBE = range(1, 8)
SPEC, BATCH, PICTURE, SAVED, DESCRIBED, ERROR = 101, 102, 103, 104, 105, 199
MODES = ("next-step", "same-step", "disabled")
TYPES = {"uint8": np.dtype("u1"), "float32": np.dtype("<f4"), "float64": np.dtype("<f8")}


class KickpushError(ValueError):
    """What the server said is wrong with a request."""


@dataclass(frozen=True)
class Spec:
    """What is played: the game, and what its batches hold."""

    env: str
    title: str
    version: int
    look: int
    config: Mapping[str, Any]
    lanes: int
    seats: int
    #: Action names in index order.
    actions: Sequence[str]
    #: Whether seats take turns.
    turns: bool
    #: Width and height of a frame.
    frame: tuple[int, int]
    #: Numeric observations: dtype and shape of one seat's.
    observations: Mapping[str, tuple[np.dtype, tuple[int, ...]]]
    #: Their largest numbers, where those are below what the type can hold.
    highs: Mapping[str, float]


@dataclass
class Batch:
    """What all lanes show. Arrays are views of memory that the next call writes over."""

    #: [lanes, seats]
    rewards: np.ndarray
    #: [lanes], bool, as are the next two
    terminated: np.ndarray
    truncated: np.ndarray
    #: Whether a lane shows the first state of an episode.
    fresh: np.ndarray
    #: [lanes, seats], bool, of episodes that ended
    success: np.ndarray
    #: [lanes, seats], bool: whether a seat decides now
    acting: np.ndarray
    #: [lanes, seats, actions], int8, where asked for
    legal: np.ndarray | None
    #: By name, [lanes, seats, ...]
    observations: dict[str, np.ndarray]
    #: Per lane and seat, where asked for
    texts: list[list[str]] | None
    #: In mode same-step: lanes whose episodes ended, and their last observations, [ended, seats, ...].
    ended: np.ndarray
    finals: dict[str, np.ndarray]
    final_texts: list[list[str]] | None


class Lanes:
    """Episodes side by side.

    Args:
        env: id of a game ("sokoban", "football", or one of ``modules``).
        config: its config; ``preset`` names one.
        lanes: how many episodes.
        observations: names of the game's tensors, "frame" or "text".
        mode: what happens to a lane whose episode is over: "next-step" (the next step begins it anew), "same-step"
            (the same one does; the last observation is among ``finals``) or "disabled" (nothing does but ``reset``).
        seed: lane i has ``<seed>/<i>`` until it is reset with a seed of its own.
        starts: levels made once that all episodes begin in; 0 makes one for each episode.
        legal: whether batches say which actions are legal.
        threads: threads that play; 0 plays where messages are read.
        levels: files or folders of levels to play instead.
        record: a run folder for the records of the first ``recorded`` lanes.
        modules: packages or files with games of others (``--env-module``).

    Raises:
        KickpushError: for what cannot be played.
    """

    def __init__(
        self,
        env: str,
        config: Mapping[str, Any] | None = None,
        *,
        lanes: int = 1,
        observations: Sequence[str] = (),
        mode: str = "next-step",
        seed: str | int = 0,
        starts: int = 0,
        legal: bool = False,
        threads: int = 0,
        levels: Sequence[str] = (),
        record: str | None = None,
        recorded: int | None = None,
        modules: Sequence[str] = (),
    ) -> None:
        flags = [word for path in levels for word in ("--levels", str(path))]
        if levels:
            flags += ["--env", env]
        if record is not None:
            flags += ["--record", str(record)]
        self._closed = False
        self._server = Server(flags, [str(module) for module in modules])
        count = 0 if record is None else lanes if recorded is None else recorded
        given = {
            "protocol": PROTOCOL,
            "env": env,
            "config": dict(config or {}),
            "lanes": lanes,
            "observations": list(observations),
            "mode": mode,
            "seed": str(seed),
            "starts": starts,
            "legal": legal,
            "threads": threads,
            "record": count,
        }
        try:
            kind, payload = self._ask(OPEN, json.dumps(given).encode())
        except BaseException:
            self.close()
            raise
        said = json.loads(bytes(payload))
        sections = {section["name"]: section for section in said["sections"]}
        self._text = "text" in said["observations"]
        self._buffer = bytearray(said["bytes"])
        self._memory = memoryview(self._buffer)
        self._views = {
            name: np.frombuffer(
                self._buffer, TYPES[one["dtype"]], int(np.prod(one["shape"], dtype=np.int64)), one["offset"]
            ).reshape(one["shape"])
            for name, one in sections.items()
        }
        names = [name for name in said["observations"] if name != "text"]
        self.spec = Spec(
            env=said["env"]["id"],
            title=said["env"]["title"],
            version=said["env"]["version"],
            look=said["env"]["look"],
            config=said["config"],
            lanes=said["lanes"],
            seats=said["seats"],
            actions=said["actions"],
            turns=said["turns"],
            frame=(said["frame"]["width"], said["frame"]["height"]),
            observations={
                name: (TYPES[sections[name]["dtype"]], tuple(sections[name]["shape"][2:])) for name in names
            },
            highs={name: sections[name]["high"] for name in names if "high" in sections[name]},
        )

    def reset(self, seeds: Sequence[str | int | None] | None = None, lanes: Sequence[int] | None = None) -> Batch:
        """Begins lanes anew: with a seed of their own, or with the next episode of the one they had.

        Args:
            seeds: one per lane; None takes the next episode.
            lanes: which; all unless given.
        """
        given: dict[str, Any] = {}
        if seeds is not None:
            given["seeds"] = [None if seed is None else str(seed) for seed in seeds]
        if lanes is not None:
            given["lanes"] = [int(lane) for lane in lanes]
        return self._batch(RESET, json.dumps(given).encode())

    def step(self, actions: np.ndarray) -> Batch:
        """One step of every lane by [lanes, seats] action indices; -1 for a seat that does not decide."""
        numbers = np.ascontiguousarray(actions, dtype="<i4")
        return self._batch(STEP, memoryview(numbers).cast("B"))

    def render(self, lane: int = 0, seat: int = 0, size: tuple[int, int] | None = None) -> np.ndarray:
        """What a seat sees, as [height, width, 3] of uint8; ``size`` is width and height."""
        width, height = size or self.spec.frame
        _, pixels = self._ask(RENDER, json.dumps({"lane": lane, "seat": seat, "width": width, "height": height}).encode())
        return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)

    def save(self, lane: int = 0) -> bytes:
        """All of a lane's state."""
        return bytes(self._ask(SAVE, json.dumps({"lane": lane}).encode())[1])

    def load(self, lane: int, state: bytes) -> Batch:
        """Puts a saved state into a lane, which goes on from there."""
        return self._batch(LOAD, struct.pack("<I", lane) + state)

    def describe(self, lane: int = 0) -> dict[str, Any]:
        """Seed, steps, outcome and texts of a lane."""
        said: dict[str, Any] = json.loads(bytes(self._ask(DESCRIBE, json.dumps({"lane": lane}).encode())[1]))
        return said

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._server.pid

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._server.close()

    def __enter__(self) -> Lanes:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):
            self.close()

    def _ask(self, kind: int, payload: bytes | memoryview, into: memoryview | None = None) -> tuple[int, memoryview]:
        """Sends a message and reads its answer; as much as fits goes into ``into``, the rest is what comes back."""
        head = struct.pack("<II", len(payload) + 4, kind)
        if len(payload) < 4096:
            self._server.send(head + bytes(payload))
        else:
            self._server.send(head)
            self._server.send(payload)
        answer = bytearray(8)
        self._server.fill(memoryview(answer))
        length, kind = struct.unpack("<II", answer)
        length -= 4
        if kind == BATCH and into is not None:
            self._server.fill(into)
            length -= len(into)
        rest = memoryview(bytearray(length))
        self._server.fill(rest)
        if kind == ERROR:
            raise KickpushError(json.loads(bytes(rest))["message"])
        return kind, rest

    def _batch(self, kind: int, payload: bytes | memoryview) -> Batch:
        _, rest = self._ask(kind, payload, self._memory)
        ended_count, text_bytes = struct.unpack_from("<II", self._buffer)
        seats = self.spec.seats
        ended = np.zeros(0, np.int32)
        finals: dict[str, np.ndarray] = {}
        at = 0
        if ended_count:
            ended = np.frombuffer(rest, "<i4", ended_count)
            at = (4 * ended_count + 7) & ~7
            for name, (dtype, shape) in self.spec.observations.items():
                size = ended_count * seats * int(np.prod(shape, dtype=np.int64))
                finals[name] = np.frombuffer(rest, dtype, size, at).reshape(ended_count, seats, *shape)
                at += (size * dtype.itemsize + 7) & ~7
        texts = final_texts = None
        if self._text:
            all_texts = _texts(rest[len(rest) - text_bytes :], (self.spec.lanes + ended_count) * seats)
            grouped = [all_texts[i : i + seats] for i in range(0, len(all_texts), seats)]
            texts, final_texts = grouped[: self.spec.lanes], grouped[self.spec.lanes :]
        views = self._views
        return Batch(
            rewards=views["rewards"],
            terminated=views["terminated"].view(np.bool_),
            truncated=views["truncated"].view(np.bool_),
            fresh=views["fresh"].view(np.bool_),
            success=views["success"].view(np.bool_),
            acting=views["acting"].view(np.bool_),
            legal=views["legal"].view(np.int8) if "legal" in views else None,
            observations={name: views[name] for name in self.spec.observations},
            texts=texts,
            ended=ended,
            finals=finals,
            final_texts=final_texts,
        )


def _texts(data: memoryview, count: int) -> list[str]:
    lengths = struct.unpack_from(f"<{count}I", data)
    at = 4 * count
    out = []
    for length in lengths:
        out.append(bytes(data[at : at + length]).decode())
        at += length
    return out
