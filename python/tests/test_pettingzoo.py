"""PettingZoo's own checks, unmodified."""

from pathlib import Path

import pytest
from kickpush.zoo import KickpushAECEnv, KickpushParallelEnv
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test

SCENE = {"preset": "academy_3_vs_1_with_keeper"}
pytestmark = pytest.mark.filterwarnings("ignore:Agent's m.*observation space value is")


@pytest.mark.parametrize("config", [{}, {"controlled": 3}, {"controlled": 3, "opponents": 1}])
def test_parallel_api(config):
    env = KickpushParallelEnv(**SCENE, config=config)
    assert len(env.possible_agents) == sum({"controlled": 1, **config}.values())
    parallel_api_test(env, num_cycles=300)
    env.close()


@pytest.mark.parametrize("config", [{}, {"controlled": 2, "opponents": 1}])
def test_aec_api(config):
    env = KickpushAECEnv(**SCENE, config=config)
    api_test(env, num_cycles=300, verbose_progress=False)
    env.close()


def test_twenty_two_seats():
    env = KickpushParallelEnv(preset="11_vs_11_stochastic", config={"controlled": 11, "opponents": 11})
    assert len(env.possible_agents) == 22
    parallel_api_test(env, num_cycles=30)
    env.close()


def test_seeds():
    parallel_seed_test(lambda: KickpushParallelEnv(**SCENE, config={"controlled": 2}), num_cycles=60)
    seed_test(lambda: KickpushAECEnv(**SCENE, config={"controlled": 2}), num_cycles=60)


def test_one_seat_of_sokoban_is_an_agent_too():
    env = KickpushAECEnv("sokoban", preset="tiny-1", observation="planes")
    api_test(env, num_cycles=100, verbose_progress=False)
    env.close()


def test_a_game_of_somebody_else_whose_seats_take_turns():
    package = Path(__file__).parents[2] / "examples" / "four-in-a-row" / "src" / "index.ts"
    env = KickpushAECEnv("four-in-a-row", observation="frame", modules=[package])
    assert env.game.turns
    api_test(env, num_cycles=200, verbose_progress=False)
    env.reset(seed=1)
    assert [env.agent_selection, (env.step(0), env.agent_selection)[1]] == ["seat_0", "seat_1"]
    env.step(1)
    for _ in range(2):
        env.step(0)
        env.step(1)
    env.step(0)  # the fourth in the first column
    assert env.terminations == {"seat_0": True, "seat_1": True}
    assert [env.infos[agent]["success"] for agent in env.possible_agents] == [True, False]
    assert env.rewards["seat_0"] > 0 > env.rewards["seat_1"]
    env.close()
