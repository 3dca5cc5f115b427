"""
OpenRLHF 0.11.2's own code against our servers, without a GPU: its single-turn executor asks the reward server, its multi-turn
executor plays through agent.py, and its argument parser knows every flag of the scripts in ../lmm-r1.

    python check.py --rewards http://127.0.0.1:5000/get_reward --environment http://127.0.0.1:8000 --row '<row of --format trl>'
"""

import argparse
import ast
import asyncio
import glob
import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
import types
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = "0.11.2"


def sources(folder):
    """OpenRLHF's package, unpacked from its wheel; its __init__ files, which load vLLM, are passed over."""
    asked = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", f"openrlhf=={VERSION}", "-d", folder]
    subprocess.run(asked, check=True)
    zipfile.ZipFile(glob.glob(f"{folder}/*.whl")[0]).extractall(folder)
    root = glob.glob(f"{folder}/**/openrlhf/cli", recursive=True)[0].rsplit("/cli", 1)[0]
    for name in ("openrlhf", "openrlhf.utils"):
        package = types.ModuleType(name)
        package.__path__ = [root if name == "openrlhf" else f"{root}/utils"]
        sys.modules[name] = package
    return root


def text_of(message):
    content = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


class Letters:
    """A tokenizer whose tokens are letters."""

    def __call__(self, text, **_):
        import torch

        return {"input_ids": torch.tensor([[ord(letter) for letter in text]], dtype=torch.long)}

    def decode(self, tokens, **_):
        return "".join(chr(token) for token in tokens)


class Engine:
    """Stands for vLLM: writes what it is told, in turn."""

    def __init__(self, texts):
        self.texts = list(texts)

    async def generate(self, tokens, params, multi_modal_data=None):
        text = self.texts.pop(0)
        output = types.SimpleNamespace(
            token_ids=[ord(letter) for letter in text], text=text, finish_reason="stop", logprobs=None
        )
        return types.SimpleNamespace(outputs=[output])


def flags_of(root):
    """Every flag of train_ppo_ray; those of optimizers are written once for each model."""
    tree = ast.parse(open(f"{root}/cli/train_ppo_ray.py").read())
    names = set()
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "add_argument" and call.args):
            continue
        first = call.args[0]
        if isinstance(first, ast.Constant):
            names.add(first.value)
        elif isinstance(first, ast.JoinedStr):
            end = first.values[-1].value
            names.update(f"--{prefix}{end}" for prefix in ("actor", "critic"))
    return names


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rewards", required=True)
    parser.add_argument("--environment", required=True)
    parser.add_argument("--row", required=True)
    options = parser.parse_args()
    os.environ["KICKPUSH_URL"] = options.environment
    with tempfile.TemporaryDirectory() as folder:
        root = sources(folder)
        agent = importlib.import_module("openrlhf.utils.agent")
        row = json.loads(options.row)
        prompt = "".join(f"<|im_start|>{one['role']}\n{text_of(one)}<|im_end|>\n" for one in row["prompt"])
        answer = text_of(row["completion"][0])
        params = types.SimpleNamespace(max_tokens=2000, logprobs=None)

        single = agent.SingleTurnAgentExecutor([options.rewards])
        texts = [f"{answer}<|im_end|>", "no idea<|im_end|>"]
        rewarded = []
        for text in texts:
            done = asyncio.run(
                single.execute(prompt, row["env_path"], params, 8000, Letters(), Engine([text]))
            )
            rewarded.append({key: done[key] for key in ("reward", "scores", "extra_logs")})

        sys.path.insert(0, HERE)
        multi = importlib.import_module("agent").AgentExecutor()
        play = "<think>on</think><answer>Up</answer>"
        label = json.dumps({"seed": 7, "preset": "tiny-1"})
        params = types.SimpleNamespace(max_tokens=None, logprobs=None)
        episode = asyncio.run(multi.execute("", label, params, 100_000, Letters(), Engine([play] * 200)))

        known = flags_of(root)
        unknown = {}
        for script in sorted(glob.glob(f"{HERE}/../lmm-r1/*.sh")):
            used = set(re.findall(r"^\s+(--[\w.]+)", open(script).read(), re.M))
            unknown[os.path.basename(script)] = [len(used), sorted(used - known)]
    print(
        json.dumps(
            {
                "openrlhf": VERSION,
                "rewarded": rewarded,
                "turns": len(episode["action_ranges"]),
                "earned": round(episode["reward"], 3),
                "flags, unknown": unknown,
            }
        )
    )


main()
