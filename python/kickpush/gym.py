"""Gymnasium environments: one episode at a time, or many as a VectorEnv."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from . import spaces
from .lanes import Batch, Lanes

class KickpushEnv(gymnasium.Env[Any, Any]):
    """A game of one seat.

    Args:
        game: id of a game.
        preset, config: what is played.
        observation: a tensor's name, "frame" or "text"; a list of them gives a Dict.
        render_mode: "rgb_array" or "ansi".
        render_size: width and height of rendered pictures; the agent's frame unless given.
        others: what ``Lanes`` takes (starts, levels, record, modules).

    ``info`` holds ``action_mask`` (int8, which actions are legal) and ``success``; ``reset(seed=...)`` plays the same
    episode in every process and on every machine. ``options`` of reset may hold ``state``, which ``save`` gave.
    """

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 10}

    def __init__(
        self,
        game: str = "sokoban",
        preset: str | None = None,
        config: Mapping[str, Any] | None = None,
        observation: str | list[str] = "planes",
        render_mode: str | None = None,
        render_size: tuple[int, int] | None = None,
        **others: Any,
    ) -> None:
        self.render_mode = render_mode
        self._size = render_size
        self._names = spaces.names_of(observation)
        self._lanes = Lanes(
            game, _config(preset, config), lanes=1, observations=self._names, mode="disabled", legal=True, **others
        )
        self.game = self._lanes.spec
        if self.game.seats != 1:
            seats = self.game.seats
            self.close()
            raise ValueError(f"this config has {seats} seats: use kickpush.zoo, or a config of one")
        self.action_space = spaces.action_space(self.game)
        self.observation_space = spaces.observation_space(self.game, self._names)
        self._seeded = False

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        if seed is None and not self._seeded:
            seed = int(self.np_random.integers(2**62))
        self._seeded = True
        batch = self._lanes.reset([seed])
        if options and "state" in options:
            batch = self._lanes.load(0, options["state"])
        return spaces.observation(batch, self._names, 0, 0), self._info(batch)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        batch = self._lanes.step(np.array([[operator.index(action)]]))
        return (
            spaces.observation(batch, self._names, 0, 0),
            float(batch.rewards[0, 0]),
            bool(batch.terminated[0]),
            bool(batch.truncated[0]),
            self._info(batch),
        )

    def render(self) -> Any:
        if self.render_mode == "rgb_array":
            return self._lanes.render(size=self._size)
        if self.render_mode == "ansi":
            return self._lanes.describe()["text"][0]
        return None

    def save(self) -> bytes:
        """All of the state; ``reset(options={"state": ...})`` goes on from it."""
        return self._lanes.save()

    def close(self) -> None:
        self._lanes.close()

    def _info(self, batch: Batch) -> dict[str, Any]:
        assert batch.legal is not None
        return {"action_mask": batch.legal[0, 0].copy(), "success": bool(batch.success[0, 0])}


class KickpushVectorEnv(VectorEnv[Any, Any, Any]):
    """Many episodes of a game of one seat, in one message a step.

    Args:
        num_envs: lanes.
        game, preset, config, observation: as of ``KickpushEnv``; "text" is not among vector observations.
        autoreset_mode: one of ``gymnasium.vector.AutoresetMode``, or its value.
        masks: whether ``info`` holds ``action_mask`` [num_envs, actions].
        copy: whether observations are copies; else the next step writes over them.
        starts: levels made once that all episodes begin in; 0 makes one for each episode.
        others: what ``Lanes`` takes (threads, levels, record, recorded, modules).
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"]}

    def __init__(
        self,
        num_envs: int = 1,
        game: str = "sokoban",
        preset: str | None = None,
        config: Mapping[str, Any] | None = None,
        observation: str | list[str] = "planes",
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        render_mode: str | None = None,
        render_size: tuple[int, int] | None = None,
        masks: bool = False,
        copy: bool = True,
        starts: int = 0,
        **others: Any,
    ) -> None:
        self._names = spaces.names_of(observation)
        if "text" in self._names:
            raise ValueError("vector observations are numbers: take a tensor or frame (kickpush.Lanes gives texts)")
        mode = AutoresetMode(autoreset_mode)
        self.num_envs = num_envs
        self.render_mode = render_mode
        self.metadata = {**self.metadata, "autoreset_mode": mode}
        self._size = render_size
        self._copy = copy
        self._same = mode == AutoresetMode.SAME_STEP
        self._lanes = Lanes(
            game,
            _config(preset, config),
            lanes=num_envs,
            observations=self._names,
            mode={
                AutoresetMode.NEXT_STEP: "next-step",
                AutoresetMode.SAME_STEP: "same-step",
                AutoresetMode.DISABLED: "disabled",
            }[mode],
            legal=masks,
            starts=starts,
            **others,
        )
        self.game = self._lanes.spec
        if self.game.seats != 1:
            seats = self.game.seats
            self.close()
            raise ValueError(f"this config has {seats} seats: use kickpush.zoo, or a config of one")
        self.single_action_space = spaces.action_space(self.game)
        self.single_observation_space = spaces.observation_space(self.game, self._names)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self._seeded = False

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        if isinstance(seed, (int, np.integer)):
            super().reset(seed=int(seed))
        if seed is None and not self._seeded:
            first = int(self.np_random.integers(2**61))
            seeds: list[int | None] = [first + lane for lane in range(self.num_envs)]
        elif seed is None:
            seeds = [None] * self.num_envs
        elif isinstance(seed, (int, np.integer)):
            seeds = [int(seed) + lane for lane in range(self.num_envs)]
        else:
            seeds = list(seed)
            if len(seeds) != self.num_envs:
                raise ValueError(f"{self.num_envs} lanes take as many seeds (got {len(seeds)})")
        lanes = None
        mask = (options or {}).get("reset_mask")
        if mask is not None:
            mask = np.asarray(mask)
            if mask.shape != (self.num_envs,) or mask.dtype != np.bool_:
                raise ValueError(f"reset_mask is {self.num_envs} booleans (got {mask.dtype} of shape {mask.shape})")
            lanes = np.flatnonzero(mask).tolist()
        self._seeded = True
        batch = self._lanes.reset(seeds, lanes)
        return self._observations(batch), self._info(batch)

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        batch = self._lanes.step(np.asarray(actions).reshape(self.num_envs, 1))
        info = self._info(batch)
        if self._same and len(batch.ended):
            mask = np.zeros(self.num_envs, np.bool_)
            mask[batch.ended] = True
            finals = np.full(self.num_envs, None, dtype=object)
            for i, lane in enumerate(batch.ended):
                each = {name: batch.finals[name][i, 0] for name in self._names}
                finals[lane] = each[self._names[0]] if len(self._names) == 1 else each
            info["final_obs"] = finals
            info["_final_obs"] = mask
            info["final_info"] = {"success": info["success"], "_success": mask}
            info["_final_info"] = mask
        return (
            self._observations(batch),
            batch.rewards[:, 0].copy(),
            batch.terminated.copy(),
            batch.truncated.copy(),
            info,
        )

    def render(self) -> tuple[np.ndarray, ...] | None:
        if self.render_mode != "rgb_array":
            return None
        return tuple(self._lanes.render(lane, size=self._size) for lane in range(self.num_envs))

    def close_extras(self, **kwargs: Any) -> None:
        self._lanes.close()

    def _observations(self, batch: Batch) -> Any:
        each = {name: batch.observations[name][:, 0] for name in self._names}
        if self._copy:
            each = {name: array.copy() for name, array in each.items()}
        return each[self._names[0]] if len(self._names) == 1 else each

    def _info(self, batch: Batch) -> dict[str, Any]:
        info: dict[str, Any] = {"success": batch.success[:, 0].copy()}
        if batch.legal is not None:
            info["action_mask"] = batch.legal[:, 0].copy()
        return info


def _config(preset: str | None, config: Mapping[str, Any] | None) -> dict[str, Any]:
    return {**(config or {}), **({} if preset is None else {"preset": preset})}
