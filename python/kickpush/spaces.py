"""Gymnasium spaces of what a seat sees and does."""

from __future__ import annotations

import string
from typing import Any

import numpy as np
from gymnasium import spaces

from .lanes import Batch, Spec

#: Longest text observation.
TEXT = 20_000
CHARACTERS = frozenset(string.printable)


def action_space(spec: Spec) -> spaces.Discrete:
    return spaces.Discrete(len(spec.actions))


def observation_space(spec: Spec, names: tuple[str, ...]) -> spaces.Space[Any]:
    """One space for one observation, a Dict by name for several."""
    each = {name: _space(spec, name) for name in names}
    return each[names[0]] if len(names) == 1 else spaces.Dict(each)


def _space(spec: Spec, name: str) -> spaces.Space[Any]:
    if name == "text":
        return spaces.Text(TEXT, charset=CHARACTERS)
    dtype, shape = spec.observations[name]
    if dtype == np.uint8:
        return spaces.Box(0, int(spec.highs.get(name, 255)), shape, np.uint8)
    return spaces.Box(-np.inf, spec.highs.get(name, np.inf), shape, np.float32)


def observation(batch: Batch, names: tuple[str, ...], lane: int, seat: int) -> Any:
    """A copy of what a seat sees."""
    each = {name: _one(batch, name, lane, seat) for name in names}
    return each[names[0]] if len(names) == 1 else each


def _one(batch: Batch, name: str, lane: int, seat: int) -> Any:
    if name == "text":
        assert batch.texts is not None
        return batch.texts[lane][seat]
    return batch.observations[name][lane, seat].copy()


def names_of(given: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else tuple(given)
    if not names:
        raise ValueError("an environment needs an observation")
    return names
