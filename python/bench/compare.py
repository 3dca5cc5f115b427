"""Steps per CPU-second into numpy, beside EnvPool in the same run: CPU time of every process that takes part.

pip install envpool==1.2.5 -e 'python[gymnasium]'
python python/bench/compare.py
"""

import importlib.util
import json
import os
import platform
import resource
import time
from datetime import date

import numpy as np
from kickpush import Lanes

WARM, SECONDS = 1.0, 3.0
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
    """Steps of a lane per CPU-second, once all is warm."""
    count = 0
    for seconds in (WARM, SECONDS):
        before, first, begun = cpu(server), count, time.time()
        while time.time() - begun < seconds:
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
    print(f"{date.today()} {platform.machine()} python {platform.python_version()}")
    for name, rate in rows:
        print(f"{name:<56} {rate:>12,.0f} steps/CPU-s")
    print(json.dumps(dict(rows)))


if __name__ == "__main__":
    main()
