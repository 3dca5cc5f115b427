"""Stable-Baselines3's vector environment: many episodes in one message a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from stable_baselines3.common.vec_env import VecEnv

from .gym import KickpushVectorEnv


class KickpushVecEnv(VecEnv):
    """``KickpushVectorEnv`` as Stable-Baselines3 asks for it.

    Args:
        num_envs, game, preset, config, observation and others: as of ``KickpushVectorEnv``.

    ``infos`` hold what Stable-Baselines3 reads: ``terminal_observation``, ``TimeLimit.truncated``, ``episode`` (for
    its statistics) and ``is_success``. ``env_method("action_masks")`` gives the masks, for MaskablePPO.
    """

    def __init__(self, num_envs: int, **given: Any) -> None:
        self._env = KickpushVectorEnv(num_envs, **{**given, "autoreset_mode": "SameStep", "masks": True})
        super().__init__(num_envs, self._env.single_observation_space, self._env.single_action_space)
        self._chosen: Any = None
        self._masks: Any = None
        self._returns = np.zeros(num_envs)
        self._lengths = np.zeros(num_envs, int)

    def reset(self) -> Any:
        seeds = None if self._seeds[0] is None else list(self._seeds)
        seen, info = self._env.reset(seed=seeds)
        self._reset_seeds()
        self._masks = info["action_mask"]
        self._returns[:] = 0
        self._lengths[:] = 0
        return seen

    def step_async(self, actions: np.ndarray) -> None:
        self._chosen = actions

    def step_wait(self) -> tuple[Any, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        seen, rewards, terminated, truncated, info = self._env.step(self._chosen)
        self._masks = info["action_mask"]
        self._returns += rewards
        self._lengths += 1
        over = terminated | truncated
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        for lane in np.flatnonzero(over):
            infos[lane] = {
                "terminal_observation": info["final_obs"][lane],
                "TimeLimit.truncated": bool(truncated[lane]),
                "is_success": bool(info["success"][lane]),
                "episode": {"r": float(self._returns[lane]), "l": int(self._lengths[lane])},
            }
        self._returns[over] = 0
        self._lengths[over] = 0
        return seen, rewards.astype(np.float32), over, infos

    def close(self) -> None:
        self._env.close()

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        if method_name == "action_masks":
            return [self._masks[lane].astype(bool) for lane in self._lanes(indices)]
        raise AttributeError(f"lanes have no method {method_name!r}, only action_masks")

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        return [getattr(self._env, attr_name) for _ in self._lanes(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        raise AttributeError(f"{attr_name!r} of a lane cannot be set: its config says what it is")

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        return [False for _ in self._lanes(indices)]

    def get_images(self) -> Sequence[np.ndarray | None]:
        return [self._env._lanes.render(lane) for lane in range(self.num_envs)]

    def _lanes(self, indices: Any) -> list[int]:
        return list(self._get_indices(indices))
