"""
OpenRLHF's multi-turn agent over `kickpush env-server`: --train.agent_func_path integrations/openrlhf/agent.py

A prompt is any text; its label is what a reset takes, as JSON: {"seed": 7, "split": "train"}. The environment's chat comes as
feedback between the turns, in Qwen's chat markup. KICKPUSH_URL says where the server is.
"""

import json
import os
import urllib.request

import torch
from openrlhf.utils.agent import AgentInstanceBase, MultiTurnAgentExecutor

URL = os.environ.get("KICKPUSH_URL", "http://127.0.0.1:8000")


def post(path, body):
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def said(message):
    content = message["content"]
    text = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    return f"<|im_start|>{message['role']}\n{text}<|im_end|>\n"


class AgentInstance(AgentInstanceBase):
    def __init__(self, *args, **kwargs):
        self.episode = None

    async def reset(self, states, **kwargs):
        begun = post("/reset", json.loads(states["label"] or "{}"))["observation"]
        self.episode = begun["episode_id"]
        chat = "".join(said(message) for message in begun["messages"])
        return {"observation": f"{chat}<|im_start|>assistant\n"}

    async def step(self, states, **kwargs):
        action = {"response": states["action_text"]}
        told = post("/step", {"episode_id": self.episode, "action": action})
        seen = told["observation"]
        feedback = "" if told["done"] else f"\n{said(seen['messages'][-1])}<|im_start|>assistant\n"
        return {
            "rewards": torch.tensor(float(told["reward"])),
            "scores": torch.tensor(float(seen["success"])),
            "environment_feedback": feedback,
            "done": told["done"],
            "sampling_params": states.get("sampling_params"),
            "extra_logs": {"success": torch.tensor(float(seen["success"]))},
        }


class AgentExecutor(MultiTurnAgentExecutor):
    def __init__(self):
        super().__init__(AgentInstance)
