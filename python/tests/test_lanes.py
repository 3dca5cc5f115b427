"""The simulator behind numpy arrays."""

import json
import subprocess

import numpy as np
import pytest
from kickpush import KickpushError, Lanes
from kickpush.server import command

TINY = {"preset": "tiny-1"}


def walk(lanes: Lanes, steps: int, seed: int = 0):
    """Random actions; copies of what came of each step."""
    random = np.random.default_rng(seed)
    shape = (lanes.spec.lanes, lanes.spec.seats)
    out = []
    for _ in range(steps):
        batch = lanes.step(random.integers(0, len(lanes.spec.actions), shape))
        out.append({name: array.copy() for name, array in batch.observations.items()})
        out[-1]["rewards"] = batch.rewards.copy()
        out[-1]["ends"] = np.stack([batch.terminated, batch.truncated, batch.fresh])
    return out


def same(a, b):
    assert len(a) == len(b)
    for one, other in zip(a, b, strict=True):
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


def test_seeds_are_episodes_whatever_lanes_and_threads():
    with Lanes("sokoban", TINY, lanes=5, observations=["planes"]) as one:
        one.reset(range(10, 15))
        alone = walk(one, 60)
    with Lanes("sokoban", TINY, lanes=5, observations=["planes"], threads=2) as two:
        two.reset(range(10, 15))
        same(alone, walk(two, 60))
    with Lanes("sokoban", TINY, lanes=1, observations=["planes"]) as single:
        first = single.reset([12]).observations["planes"][0, 0].copy()
    with Lanes("sokoban", TINY, lanes=5, observations=["planes"]) as five:
        np.testing.assert_array_equal(five.reset(range(10, 15)).observations["planes"][2, 0], first)


def test_steps_are_those_of_the_command_line():
    actions = np.random.default_rng(1).integers(0, 4, 40)
    with Lanes("sokoban", {**TINY, "actionSet": "moves"}, mode="disabled") as lanes:
        names = list(lanes.spec.actions)
        lanes.reset(["s"])
        rewards = []
        for action in actions:
            batch = lanes.step(np.array([[action]]))
            rewards.append(batch.rewards[0, 0])
            if batch.terminated[0] or batch.truncated[0]:
                break
    words = [names[action] for action in actions[: len(rewards)]]
    line = [*command(), "play", "--env", "sokoban", "--config", "preset=tiny-1,actionSet=moves", "--seed", "s"]
    said = subprocess.run([*line, "--actions", ",".join(words), "--json"], capture_output=True, check=True, text=True)
    assert [json.loads(row)["rewards"][0] for row in said.stdout.splitlines()] == rewards


@pytest.mark.parametrize("mode", ["next-step", "same-step", "disabled"])
def test_modes_say_when_an_episode_begins(mode):
    config = {**TINY, "maxSteps": 3}
    with Lanes("sokoban", config, lanes=2, observations=["planes"], mode="disabled") as lanes:
        lanes.reset([1, 2])
        last = [lanes.step(np.zeros((2, 1), int)).observations["planes"].copy() for _ in range(3)][-1]
    with Lanes("sokoban", config, lanes=2, observations=["planes", "text"], mode=mode) as lanes:
        lanes.reset([1, 2])
        for step in range(1, 5):
            batch = lanes.step(np.zeros((2, 1), int))
            ended = bool(batch.truncated[0])
            if step == 3:
                assert ended
                assert bool(batch.fresh[0]) == (mode == "same-step")
                assert list(batch.ended) == ([0, 1] if mode == "same-step" else [])
                shown = batch.finals["planes"] if mode == "same-step" else batch.observations["planes"]
                np.testing.assert_array_equal(shown, last)
                if mode == "same-step":
                    assert batch.final_texts != batch.texts
            if step == 4:
                assert bool(batch.fresh[0]) == (mode == "next-step")
                assert ended == (mode == "disabled")


def test_states_go_on_elsewhere():
    with Lanes("football", {"preset": "academy_3_vs_1_with_keeper"}, lanes=2, observations=["simple115v2"], mode="disabled") as lanes:
        lanes.reset([1, 2])
        walk(lanes, 5)
        state = lanes.save(0)
        lanes.load(1, state)
        for _ in range(10):
            batch = lanes.step(np.full((2, 1), 5))
            np.testing.assert_array_equal(batch.observations["simple115v2"][0], batch.observations["simple115v2"][1])


def test_a_frame_is_the_same_seen_as_observation_and_as_picture():
    with Lanes("sokoban", TINY, lanes=2, observations=["frame"]) as lanes:
        batch = lanes.reset([3, 4])
        np.testing.assert_array_equal(lanes.render(1), batch.observations["frame"][1, 0])
        assert lanes.render(1, size=(33, 44)).shape == (44, 33, 3)


def test_records_verify(tmp_path):
    run = tmp_path / "runs" / "outside"
    with Lanes("sokoban", TINY, lanes=3, record=str(run), recorded=2, mode="same-step") as lanes:
        lanes.reset()
        walk(lanes, 200)
    files = list((run / "episodes").glob("*.jsonl"))
    assert len(files) == 1
    said = subprocess.run([*command(), "replay", str(files[0])], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    assert files[0].read_text().count('"start"') >= 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"env": "socoban"}, "did you mean"),
        ({"env": "sokoban", "config": {"width": 1}}, "width"),
        ({"env": "sokoban", "observations": ["plane"]}, "did you mean 'planes'"),
        ({"env": "sokoban", "lanes": 0}, "lanes"),
        ({"env": "sokoban", "mode": "never"}, "mode"),
    ],
)
def test_what_cannot_be_played_is_said(given, words):
    with pytest.raises(KickpushError, match=words):
        Lanes(**given)


def test_what_is_wrong_leaves_the_lanes_as_they_are():
    with Lanes("sokoban", TINY, lanes=2) as lanes:
        lanes.reset([1, 2])
        for bad in (np.zeros((1, 1)), np.full((2, 1), 99)):
            with pytest.raises(KickpushError):
                lanes.step(bad)
        with pytest.raises(KickpushError):
            lanes.load(0, b"nothing")
        assert lanes.describe(0)["steps"] == 0
