"""OpenEnv's own client, unmodified, against `kickpush env-server`: python play.py http://127.0.0.1:8000"""

import asyncio
import importlib.metadata
import json
import sys

from openenv import GenericEnvClient

URL = sys.argv[1]


async def refused(call):
    try:
        await call
    except RuntimeError as error:
        return str(error)
    return None


async def main():
    told = {"openenv-core": importlib.metadata.version("openenv-core")}
    async with GenericEnvClient(base_url=URL) as env:
        # Keys of the game stand beside the seed, in config or in options.
        first = (await env.reset(seed=7, preset="tiny-1", split="test")).observation
        second = (await env.reset(seed=7, options={"preset": "tiny-1"}, split="test", config=None)).observation
        told["same level wherever the keys stand"] = first["text"] == second["text"]
        told["and that of the preset"] = first["text"].count("$") == 1
        told["unknown key"] = await refused(env.reset(preest="tiny-1"))
        result = await env.reset(seed=7, preset="tiny-1")
        told["too many actions"] = await refused(env.step({"actions": [0] * 99}))
        turns = 0
        while not result.done:
            mask = result.observation["legal_mask"]
            action = {"response": None, "actions": [mask.index(1)], "metadata": {"request_id": f"r{turns}"}}
            result = await env.step(action)
            assert result.observation["request_id"] == f"r{turns}"
            turns += 1
        seen = result.observation
        told["over"] = {key: seen[key] for key in ("terminated", "truncated", "outcome")}
        told["state"] = (await env.state())["step_count"] == turns

    # A client that dies: its episode is taken up by its id.
    dead = GenericEnvClient(base_url=URL)
    begun = (await dead.reset(seed=8)).observation
    moved = (await dead.step({"actions": [begun["legal_mask"].index(1)]})).observation
    dead._ws.transport.abort()
    async with GenericEnvClient(base_url=URL) as alive:
        again = (await alive.reset(episode_id=begun["episode_id"], resume=True)).observation
        told["taken up again"] = again["text"] == moved["text"] and again["turn"] == 1
    print(json.dumps(told))


asyncio.run(main())
