"""PettingZoo's own checks, unmodified."""

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
