"""
Steps per CPU-second into numpy, beside EnvPool and gym-sokoban in the same run: CPU time of every process that takes part.

pip install -r python/requirements-bench.txt -e 'python[gymnasium]'
python python/bench/compare.py

What is not installed is left out, and said. The last line is all of it as JSON.
"""

import contextlib
import importlib.metadata
import importlib.util
import io
import json
import os
import platform
import resource
import warnings
from datetime import date

import numpy as np
from kickpush import Lanes

WARM, SECONDS = 1.5, 3.0
TICKS = os.sysconf("SC_CLK_TCK")


def cpu(server):
    """CPU seconds of this process and the server's (Linux)."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    spent = own.ru_utime + own.ru_stime
    if server is not None:
        with open(f"/proc/{server}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        spent += (int(fields[11]) + int(fields[12])) / TICKS
    return spent


def timed(step, lanes, server=None):
    """Steps of a lane per CPU-second, once all is warm; CPU time is what is waited for, whatever else the machine does."""
    count = 0
    for seconds in (WARM, SECONDS):
        before, first = cpu(server), count
        while cpu(server) - before < seconds:
            for _ in range(32):
                step(count)
                count += 1
        spent = cpu(server) - before
    return (count - first) * lanes / spent


def draw(actions, shape):
    random = np.random.default_rng(0)
    return [random.integers(0, actions, shape, np.int32) for _ in range(64)]


def ours(name, game, config, observation, lanes, starts=0):
    with Lanes(game, config, lanes=lanes, observations=[observation], mode="same-step", starts=starts) as env:
        env.reset()
        drawn = draw(len(env.spec.actions), (lanes, env.spec.seats))
        return name, timed(lambda i: env.step(drawn[i % 64]), lanes, env.pid)


def theirs(name, game, lanes):
    import envpool

    env = envpool.make(game, env_type="gymnasium", num_envs=lanes, num_threads=1)
    env.reset()
    drawn = draw(int(env.action_space.n), lanes)
    rate = timed(lambda i: env.step(drawn[i % 64]), lanes)
    env.close()
    return name, rate


def gym_sokoban(name, look):
    """gym-sokoban's own steps; what it does to make a level is left out: the one level begins again."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        from gym_sokoban.envs import SokobanEnv

        env = SokobanEnv(dim_room=(10, 10), max_steps=120, num_boxes=4)
    begun = env.room_state.copy(), env.player_position.copy()
    drawn = draw(9, ())

    def step(i):
        _, _, over, _ = env.step(int(drawn[i % 64]), observation_mode=look)
        if over:
            env.room_state, env.player_position = begun[0].copy(), begun[1].copy()
            env.num_env_steps = env.boxes_on_target = env.reward_last = 0

    return name, timed(step, 1)


# What is compared: our row, that of another, and how many times as fast it is meant to be.
RATIOS = [
    ("kickpush sokoban 10x10, 4 boxes, planes, 1024 lanes", "envpool sokoban 10x10, 1024 lanes", 10),
    ("kickpush sokoban 10x10, 4 boxes, planes, 1 lane", "envpool sokoban 10x10, 1 lane", None),
    ("kickpush sokoban 10x10, 4 boxes, planes, 1024 lanes", "gym-sokoban 10x10, a pixel a cell", None),
    ("kickpush sokoban 7x7, 16-pixel frames, 64 lanes", "gym-sokoban 10x10, 16-pixel frames", None),
    ("kickpush football 11 v 11, simple115v2, 64 lanes", "envpool football 11 v 11, 4 lanes", 100),
    ("kickpush football 3 v 1, simple115v2, 64 lanes", "envpool football 3 v 1, 4 lanes", 100),
]
# Steps per CPU-second that are meant to be reached.
RATES = [
    ("kickpush sokoban 7x7, planes, 1024 lanes", 1_000_000),
    ("kickpush sokoban 10x10, 4 boxes, planes, 1024 lanes", 1_000_000),
    ("kickpush sokoban 7x7, 16-pixel frames, 64 lanes", 15_000),
]


def main():
    tens = {"width": 10, "height": 10, "boxes": 4, "preset": "v1"}
    match = {"preset": "11_vs_11_stochastic"}
    rows = [
        ours("kickpush sokoban 10x10, 4 boxes, planes, 1024 lanes", "sokoban", tens, "planes", 1024, 500),
        ours("kickpush sokoban 10x10, 4 boxes, planes, 1 lane", "sokoban", tens, "planes", 1, 500),
        ours("kickpush sokoban 7x7, planes, 1024 lanes", "sokoban", {"preset": "small-v0"}, "planes", 1024, 1000),
        ours("kickpush sokoban 7x7, 16-pixel frames, 64 lanes", "sokoban", {"preset": "small-v0"}, "frame", 64, 1000),
        ours("kickpush football 11 v 11, simple115v2, 64 lanes", "football", match, "simple115v2", 64),
        ours("kickpush football 3 v 1, simple115v2, 64 lanes", "football", {"preset": "academy_3_vs_1_with_keeper"},
             "simple115v2", 64),
    ]
    if importlib.util.find_spec("envpool"):
        rows += [
            theirs("envpool sokoban 10x10, 1024 lanes", "Sokoban-v0", 1024),
            theirs("envpool sokoban 10x10, 1 lane", "Sokoban-v0", 1),
            theirs("envpool football 11 v 11, 4 lanes", "gfootball/11_vs_11_stochastic-v1", 4),
            theirs("envpool football 3 v 1, 4 lanes", "gfootball/academy_3_vs_1_with_keeper-v1", 4),
        ]
    if importlib.util.find_spec("gym_sokoban"):
        rows += [
            gym_sokoban("gym-sokoban 10x10, a pixel a cell", "tiny_rgb_array"),
            gym_sokoban("gym-sokoban 10x10, 16-pixel frames", "rgb_array"),
        ]
    told = [f"{name} {version_of(name)}" for name in ("numpy", "envpool", "gym-sokoban")]
    print(f"{date.today()} {platform.machine()} python {platform.python_version()}, {', '.join(told)}")
    for name, rate in rows:
        print(f"{name:<56} {rate:>12,.0f} steps/CPU-s")
    rates = dict(rows)
    for name, aim in RATES:
        print(f"{name}: {rates[name] / aim:.2f} times {aim:,} steps/CPU-s")
    for name, other, aim in RATIOS:
        if other in rates:
            meant = "" if aim is None else f" (at least {aim} meant)"
            print(f"{name}: {rates[name] / rates[other]:.1f} times {other}{meant}")
    print(json.dumps(rates))


def version_of(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed, left out"


if __name__ == "__main__":
    main()
