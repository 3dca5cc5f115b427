"""
TRL's GRPOTrainer on `kickpush env-server`, on text and on frames, with a tiny random Qwen2.5-VL:

    kickpush env-server --env sokoban --config preset=tiny-1 --modality frame --max-turns 6 --port 8000
    python train.py --url http://127.0.0.1:8000 --steps 3

For a real model give --model Qwen/Qwen2.5-VL-3B-Instruct (docs/interop.md says what to change).
"""

import argparse
import importlib.metadata
import json
import tempfile
import urllib.request

import torch
from datasets import Dataset
from environment import kickpush
from tiny import tiny
from trl import GRPOConfig, GRPOTrainer

parser = argparse.ArgumentParser()
parser.add_argument("--url", default="http://127.0.0.1:8000")
parser.add_argument("--steps", type=int, default=3)
parser.add_argument("--model")
parser.add_argument("--out")
options = parser.parse_args()
torch.set_num_threads(1)

with urllib.request.urlopen(urllib.request.Request(f"{options.url}/reset", b'{"seed": 0}')) as answer:
    first = json.load(answer)["observation"]
system = first["messages"][0]["content"]
rules = system if isinstance(system, str) else system[0]["text"]

generation = {}
if options.model:
    model, processor = options.model, None
else:
    model, processor, silent = tiny(first["actions"])
    generation = {"suppress_tokens": silent}

prompt = [{"role": "user", "content": f"{rules}\nCall the tool play with your actions.\n"}]
config = GRPOConfig(
    output_dir=options.out or tempfile.mkdtemp(),
    max_steps=options.steps,
    per_device_train_batch_size=4,
    num_generations=4,
    max_completion_length=1024,
    max_tool_calling_iterations=4,
    learning_rate=1e-3,
    logging_steps=1,
    save_strategy="no",
    report_to="none",
    use_cpu=not torch.cuda.is_available(),
    bf16=False,
    gradient_checkpointing=False,
    generation_kwargs=generation,
    log_completions=False,
    seed=1,
)
trainer = GRPOTrainer(
    model=model,
    processing_class=processor,
    args=config,
    train_dataset=Dataset.from_list([{"prompt": prompt, "seed": seed} for seed in range(64)]),
    environment_factory=kickpush(options.url),
)
before = [weight.detach().clone() for weight in trainer.model.parameters()]
trainer.train()
moved = sum(float((old - new.detach()).abs().sum()) for old, new in zip(before, trainer.model.parameters()))
rows = [row for row in trainer.state.log_history if "reward" in row]
print(
    json.dumps(
        {
            "trl": importlib.metadata.version("trl"),
            "transformers": importlib.metadata.version("transformers"),
            "steps": trainer.state.global_step,
            "reward": [round(row["reward"], 3) for row in rows],
            "reward_std": [round(row["reward_std"], 3) for row in rows],
            "calls": [round(row["tools/call_frequency"], 2) for row in rows],
            "failures": [round(row["tools/failure_frequency"], 2) for row in rows],
            "moved": moved,
        }
    )
)
