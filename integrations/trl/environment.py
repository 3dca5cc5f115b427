"""An episode on `kickpush env-server` as TRL's GRPOTrainer plays it: reset gives the first look, play is the model's tool."""

import base64
import io
import itertools
import json
import urllib.request

from PIL import Image


def post(url, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        # What is wrong with a decision is told to the model that made it.
        raise ValueError(json.load(error)["error"]["message"]) from None


def look(observation):
    """What the chat shows last, as TRL takes it: a text, or a list of texts and pictures."""
    messages = observation.get("messages")
    if not messages:
        return observation.get("text", observation["outcome"])
    content = messages[-1]["content"]
    if isinstance(content, str):
        return content
    parts = []
    for part in content:
        if part["type"] == "text":
            parts.append({"type": "text", "text": part["text"]})
        else:
            picture = base64.b64decode(part["image_url"]["url"].split(",", 1)[1])
            parts.append({"type": "image", "image": Image.open(io.BytesIO(picture)).convert("RGB")})
    return parts


def kickpush(url):
    """A class of environments on the server at `url`, which is an `environment_factory`."""
    seeds = itertools.count()

    class Kickpush:
        def __init__(self):
            self._episode = None
            self._earned = 0.0
            self._done = True

        def reset(self, seed=None, split="train", **row):
            begun = post(f"{url}/reset", {"seed": next(seeds) if seed is None else seed, "split": split})
            self._episode = begun["observation"]["episode_id"]
            self._earned, self._done = 0.0, begun["done"]
            return look(begun["observation"])

        def play(self, actions: str):
            """
            Plays actions and shows what comes of them.

            Args:
                actions: Names of actions, apart by commas.

            Returns:
                How it stands now.
            """
            if self._done:
                return "The episode is over."
            told = post(f"{url}/step", {"episode_id": self._episode, "action": {"actions": actions}})
            self._earned += told["reward"]
            self._done = told["done"]
            if self._done:
                return f"The episode is over: {told['observation']['outcome']}."
            return look(told["observation"])

        def get_reward(self) -> float:
            return self._earned

    return Kickpush
