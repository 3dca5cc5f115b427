"""PettingZoo environments: every seat an agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium.utils import seeding
from pettingzoo import AECEnv, ParallelEnv

from . import spaces
from .lanes import Batch, Lanes


class _Table:
    """What both kinds of environment share: one lane, its spaces and seeds."""

    def __init__(
        self,
        game: str,
        preset: str | None,
        config: Mapping[str, Any] | None,
        observation: str | list[str],
        render_size: tuple[int, int] | None,
        others: dict[str, Any],
    ) -> None:
        self.names = spaces.names_of(observation)
        given = {**(config or {}), **({} if preset is None else {"preset": preset})}
        self.lanes = Lanes(game, given, lanes=1, observations=self.names, mode="disabled", legal=True, **others)
        self.spec = self.lanes.spec
        self.agents = [f"seat_{seat}" for seat in range(self.spec.seats)]
        self.seat = {agent: seat for seat, agent in enumerate(self.agents)}
        self.size = render_size
        self.seeded = False
        self.batch: Batch | None = None

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> Batch:
        if seed is None and not self.seeded:
            random, _ = seeding.np_random()
            seed = int(random.integers(2**62))
        self.seeded = True
        self.batch = self.lanes.reset([seed])
        if options and "state" in options:
            self.batch = self.lanes.load(0, options["state"])
        return self.batch

    def info(self, agent: str) -> dict[str, Any]:
        assert self.batch is not None and self.batch.legal is not None
        seat = self.seat[agent]
        return {"action_mask": self.batch.legal[0, seat].copy(), "success": bool(self.batch.success[0, seat])}

    def see(self, agent: str) -> Any:
        assert self.batch is not None
        return spaces.observation(self.batch, self.names, 0, self.seat[agent])

    def render(self, mode: str | None) -> Any:
        if mode == "rgb_array":
            return self.lanes.render(size=self.size)
        if mode == "ansi":
            return self.lanes.describe()["text"][0]
        return None


class _Seated:
    """What both kinds of environment are made of: every seat an agent, with its spaces.

    Args:
        game: id of a game.
        preset, config: what is played; in Football ``controlled`` says how many players.
        observation: a tensor's name, "frame" or "text"; a list of them gives a Dict.
        render_mode: "rgb_array" or "ansi".
        others: what ``kickpush.Lanes`` takes.
    """

    metadata: dict[str, Any] = {"name": "kickpush_v0", "render_modes": ["rgb_array", "ansi"], "is_parallelizable": True}

    def __init__(
        self,
        game: str = "football",
        preset: str | None = None,
        config: Mapping[str, Any] | None = None,
        observation: str | list[str] = "simple115v2",
        render_mode: str | None = None,
        render_size: tuple[int, int] | None = None,
        **others: Any,
    ) -> None:
        super().__init__()
        self._table = _Table(game, preset, config, observation, render_size, others)
        self.game = self._table.spec
        self.metadata = {**self.metadata, "is_parallelizable": not self.game.turns}
        self.render_mode = render_mode
        self.possible_agents = list(self._table.agents)
        self.agents: list[str] = []
        self.observation_spaces = {
            agent: spaces.observation_space(self.game, self._table.names) for agent in self.possible_agents
        }
        self.action_spaces = {agent: spaces.action_space(self.game) for agent in self.possible_agents}

    def observation_space(self, agent: str) -> Any:
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        return self.action_spaces[agent]

    def render(self) -> Any:
        return self._table.render(self.render_mode)

    def close(self) -> None:
        self._table.lanes.close()


class KickpushParallelEnv(_Seated, ParallelEnv[str, Any, Any]):
    """A game whose seats all act in every step."""

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], Any]:
        self._table.reset(seed, options)
        self.agents = list(self.possible_agents)
        return self._views(), {agent: self._table.info(agent) for agent in self.agents}

    def step(self, actions: dict[str, Any]) -> tuple[Any, ...]:
        table = self._table
        batch = table.lanes.step(np.array([[int(actions[agent]) for agent in self.possible_agents]]))
        table.batch = batch
        over = bool(batch.terminated[0] or batch.truncated[0])
        out = (
            self._views(),
            {agent: float(batch.rewards[0, table.seat[agent]]) for agent in self.agents},
            {agent: bool(batch.terminated[0]) for agent in self.agents},
            {agent: bool(batch.truncated[0]) for agent in self.agents},
            {agent: table.info(agent) for agent in self.agents},
        )
        if over:
            self.agents = []
        return out

    def _views(self) -> dict[str, Any]:
        return {agent: self._table.see(agent) for agent in self.agents}


class KickpushAECEnv(_Seated, AECEnv[str, Any, Any]):
    """A game whose agents act one after the other: in turns where the game has them, else each in every step."""

    def observe(self, agent: str) -> Any:
        return self._table.see(agent)

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        batch = self._table.reset(seed, options)
        self.agents = list(self.possible_agents)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self._status(batch)
        self._chosen = np.full(self.game.seats, -1, np.int32)
        self._next()

    def step(self, action: Any) -> None:
        agent = self.agent_selection
        if self.terminations[agent] or self.truncations[agent]:
            self._was_dead_step(action)
            return
        self._cumulative_rewards[agent] = 0.0
        self._clear_rewards()
        table = self._table
        self._chosen[table.seat[agent]] = int(action)
        assert table.batch is not None
        if np.any(table.batch.acting[0] & (self._chosen < 0)):
            self._next()
            return
        batch = table.lanes.step(self._chosen[None])
        table.batch = batch
        self._chosen[:] = -1
        for each in self.agents:
            self.rewards[each] = float(batch.rewards[0, table.seat[each]])
        self._accumulate_rewards()
        self._status(batch)
        self._next()

    def _status(self, batch: Batch) -> None:
        self.terminations = {agent: bool(batch.terminated[0]) for agent in self.agents}
        self.truncations = {agent: bool(batch.truncated[0]) for agent in self.agents}
        self.infos = {agent: self._table.info(agent) for agent in self.agents}

    def _next(self) -> None:
        """Selects the first seat that has not decided yet."""
        assert self._table.batch is not None
        waiting = np.flatnonzero(self._table.batch.acting[0] & (self._chosen < 0))
        self.agent_selection = self.possible_agents[int(waiting[0]) if len(waiting) else 0]
