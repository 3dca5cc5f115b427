"""
Rollouts by a pool of Ray actors over environment servers, on as many machines as Ray has:

    kickpush env-server --env sokoban --config preset=tiny-1 --workers 2 --port 8000       # on each machine that plays
    python rollouts.py --urls http://127.0.0.1:8000 --actors 4 --episodes 64

An actor plays whole episodes with its own connection; a policy is a function of the legal mask here, and a call of your
inference engine in earnest: `answer` gets an observation, whose `messages` are the chat, and gives an action.
"""

import argparse
import collections
import http.client
import importlib.metadata
import json
import random
from urllib.parse import urlsplit

import ray
from ray.util import ActorPool


@ray.remote(num_cpus=0.25)
class Player:
    """Plays episodes on one server, over one connection that is kept."""

    def __init__(self, url):
        self._url = urlsplit(url)
        self._connection = None

    def _post(self, path, body):
        for last in (False, True):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=60)
            try:
                self._connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
                told = json.loads(self._connection.getresponse().read())
                break
            except (http.client.HTTPException, ConnectionError):
                self._connection = None
                if last:
                    raise
        if "error" in told:
            raise RuntimeError(told["error"]["message"])
        return told

    def play(self, seed, split):
        choice = random.Random(seed)
        told = self._post("/reset", {"seed": seed, "split": split})
        episode, earned, turns = told["observation"]["episode_id"], 0.0, 0
        while not told["done"]:
            action = answer(told["observation"], choice)
            told = self._post("/step", {"episode_id": episode, "action": action})
            earned += told["reward"]
            turns += 1
        return {"seed": seed, "return": earned, "turns": turns, "success": told["observation"]["success"]}


def answer(observation, choice):
    legal = [i for i, flag in enumerate(observation["legal_mask"]) if flag]
    return {"actions": [choice.choice(legal)]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--urls", nargs="+", default=["http://127.0.0.1:8000"])
    parser.add_argument("--actors", type=int, default=4)
    parser.add_argument("--episodes", type=int, default=64)
    parser.add_argument("--split", default="train")
    options = parser.parse_args()
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    players = [Player.remote(options.urls[i % len(options.urls)]) for i in range(options.actors)]
    pool = ActorPool(players)
    rows = list(pool.map_unordered(lambda player, seed: player.play.remote(seed, options.split), range(options.episodes)))
    turns = sum(row["turns"] for row in rows)
    again = ray.get(players[0].play.remote(0, options.split))
    print(
        json.dumps(
            {
                "ray": importlib.metadata.version("ray"),
                "episodes": len(rows),
                "seeds": len(collections.Counter(row["seed"] for row in rows)),
                "success": sum(row["success"] for row in rows) / len(rows),
                "turns": turns,
                "the same seed plays the same": again == next(row for row in rows if row["seed"] == 0),
            }
        )
    )
    ray.shutdown()


if __name__ == "__main__":
    main()
