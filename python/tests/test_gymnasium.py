"""Gymnasium's own checks, unmodified, and its vector environment as the measure of ours."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.utils.env_match import check_environments_match
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from kickpush.gym import KickpushEnv, KickpushVectorEnv

TINY = {"game": "sokoban", "preset": "tiny-1"}


@pytest.mark.filterwarnings("ignore:.*Box observation space m.*value is")
@pytest.mark.parametrize(
    "given",
    [
        {"id": "kickpush/Sokoban-v0"},
        {"id": "kickpush/Sokoban-v0", "observation": "frame", "render_mode": "rgb_array"},
        {"id": "kickpush/Sokoban-v0", "observation": "text", "render_mode": "ansi"},
        {"id": "kickpush/Sokoban-v0", "observation": ["planes", "frame", "text"]},
        {"id": "kickpush/Football-v0", "preset": "academy_3_vs_1_with_keeper"},
    ],
)
def test_env_checker(given):
    env = gymnasium.make(**given)
    check_env(env.unwrapped)
    env.close()


def test_two_processes_match():
    one, two = KickpushEnv(**TINY), KickpushEnv(**TINY)
    check_environments_match(one, two, num_steps=300, seed=5)
    one.close()
    two.close()


def test_a_seed_is_an_episode_and_the_next_ones_follow_from_it():
    env = KickpushEnv(**TINY)
    first = [env.reset(seed=7)[0], env.reset()[0], env.reset()[0]]
    again = [env.reset(seed=7)[0], env.reset()[0], env.reset()[0]]
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[0], first[1])
    env.close()


def test_masks_and_states():
    env = KickpushEnv(**TINY)
    seen, info = env.reset(seed=1)
    assert env.action_space.sample(mask=info["action_mask"]) in env.action_space
    state = env.save()
    first = env.step(1)
    env.step(2)
    assert np.array_equal(env.reset(options={"state": state})[0], seen)
    np.testing.assert_array_equal(env.step(1)[0], first[0])
    env.close()


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_vector_env_is_as_gymnasiums_own_over_single_ones(mode):
    count = 3
    config = {"maxSteps": 7}
    ours = gymnasium.make_vec("kickpush/Sokoban-v0", num_envs=count, preset="tiny-1", config=config, autoreset_mode=mode)
    theirs = SyncVectorEnv([lambda: KickpushEnv(**TINY, config=config)] * count, autoreset_mode=mode)
    assert ours.observation_space == theirs.observation_space
    assert ours.action_space == theirs.action_space
    assert ours.metadata["autoreset_mode"] == mode
    random = np.random.default_rng(0)
    np.testing.assert_array_equal(ours.reset(seed=3)[0], theirs.reset(seed=3)[0])
    for _ in range(40):
        actions = random.integers(0, theirs.single_action_space.n, count)
        a, b = ours.step(actions), theirs.step(actions)
        for one, other in zip(a[:4], b[:4], strict=True):
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype
        assert ("final_obs" in a[4]) == ("final_obs" in b[4])
        if "final_obs" in a[4]:
            np.testing.assert_array_equal(a[4]["_final_obs"], b[4]["_final_obs"])
            for lane in np.flatnonzero(a[4]["_final_obs"]):
                np.testing.assert_array_equal(a[4]["final_obs"][lane], b[4]["final_obs"][lane])
        over = np.logical_or(a[2], a[3])
        if mode == AutoresetMode.DISABLED and over.any():
            options = {"reset_mask": over}
            np.testing.assert_array_equal(ours.reset(options=dict(options))[0], theirs.reset(options=dict(options))[0])
    ours.close()
    theirs.close()


def test_vector_wrappers_of_gymnasium_work():
    env = gymnasium.wrappers.vector.RecordEpisodeStatistics(
        KickpushVectorEnv(4, **TINY, config={"maxSteps": 5}, autoreset_mode="SameStep")
    )
    env.reset(seed=0)
    for _ in range(5):
        *_, info = env.step(np.zeros(4, int))
    assert list(info["episode"]["l"]) == [5, 5, 5, 5]
    env.close()


def test_several_seats_are_sent_elsewhere():
    with pytest.raises(ValueError, match="zoo"):
        KickpushEnv("football", preset="academy_3_vs_1_with_keeper", config={"controlled": 2}, observation="simple115v2")
