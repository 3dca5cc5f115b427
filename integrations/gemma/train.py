"""
A language model learns Sokoban: Gemma 3 270M by imitation of the expert's answers (SFT) until it holds the format, then by
GRPO, LMM-R1's first stage (FRE: rewards by rule, on text), paid by `kickpush reward-server`. README.md beside this file says
how to run it. Started again with the same --out it goes on from its last checkpoint.

Away from the paper: 270 M weights in the place of 3 B; GRPO in the place of PPO; levels of one box in open rooms, told by the
positions of player, box and target; on a CPU a cut vocabulary and only the last layers learn (--gpu: neither).
"""

import argparse
import json
import random
import urllib.request
from pathlib import Path

import torch
from datasets import Dataset
from model import load
from transformers import TrainerCallback, set_seed
from transformers.trainer_utils import get_last_checkpoint
from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

parser = argparse.ArgumentParser()
parser.add_argument("--out", required=True, help="folder for weights, checkpoints, curve.jsonl and results.json")
parser.add_argument("--rows", required=True, help="folder of `dataset export --format trl --modality text`")
parser.add_argument("--url", default="http://127.0.0.1:5000/get_reward", help="of `kickpush reward-server`")
parser.add_argument("--gpu", action="store_true", help="whole vocabulary, all layers, bf16, as many levels as there are")
parser.add_argument("--layers", type=int, default=9, help="on a CPU: how many of the 18 layers learn, the last ones")
parser.add_argument("--imitate", type=int, help="rows that are imitated, each once [800, with --gpu 20000]")
parser.add_argument("--updates", type=int, help="updates of GRPO [14, with --gpu 500]")
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()
out = Path(options.out)
gpu = options.gpu
IMITATE = options.imitate or (20_000 if gpu else 800)
UPDATES = options.updates or (500 if gpu else 14)
# Samples of a group, and answers of an update.
GROUP, ANSWERS = (16, 512) if gpu else (8, 64)
# Tokens of an answer: of four actions and the end it has 25.
LONGEST = 26
if not gpu:
    torch.set_num_threads(1)


def rows_of(split):
    """Prompt, the expert's answer and the task of every row. The room is open: the lines that name positions say it all."""
    rows = []
    for line in (Path(options.rows) / f"{split}.jsonl").read_text().splitlines():
        row = json.loads(line)
        look = row["prompt"][-1]["content"][-1]["text"]
        prompt = "\n".join(line for line in look.split("\n") if line[-1:].isdigit()) + "\n"
        answer = row["completion"][0]["content"][0]["text"]
        rows.append({"prompt": prompt, "completion": answer, "env_path": row["env_path"]})
    return rows


def ask(prompts, answers, tasks):
    """What the reward server pays: `rewards`, `scores` (1 for a solved level) and its terms, `format` among them."""
    body = {"query": [p + a for p, a in zip(prompts, answers)], "prompts": prompts, "labels": tasks}
    request = urllib.request.Request(
        options.url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def write(model, tokenizer, prompts, greedy):
    """What the model writes to each prompt."""
    model.eval()
    tokens = tokenizer(prompts, return_tensors="pt", padding=True, padding_side="left").to(model.device)
    given = tokens["input_ids"].shape[1]
    how = {"do_sample": False} if greedy else {"do_sample": True, "temperature": 1.0, "top_k": 0, "top_p": 1.0}
    with torch.no_grad():
        ids = model.generate(
            input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"], max_new_tokens=LONGEST, **how
        )
    return tokenizer.batch_decode(ids[:, given:], skip_special_tokens=True)


def measure(model, tokenizer, rows, shown="", ways=(("greedy", 1), ("sampled", 4))):
    """
    Shares of answers that have the format and that solve: the likeliest answer to each level, and four sampled ones (with how
    many of them solve each level, for intervals over levels).
    """
    told = {"levels": len(rows)}
    state = torch.random.get_rng_state()
    torch.manual_seed(options.seed)
    for name, times in ways:
        asked = [row for row in rows for _ in range(times)]
        prompts = [row["prompt"] for row in asked]
        answers = write(model, tokenizer, [shown + prompt for prompt in prompts], name == "greedy")
        if shown:
            answers = [answer.split("\n")[0] for answer in answers]
        paid = ask(prompts, answers, [row["env_path"] for row in asked])
        share = lambda values: round(100 * sum(value > 0 for value in values) / len(asked), 1)
        told[name] = {
            "format %": share(paid["extra_logs"]["format"]),
            "solved %": share(paid["scores"]),
            "reward": round(sum(paid["rewards"]) / len(asked), 3),
            "first": answers[0],
            "solved by level": [int(sum(paid["scores"][i : i + times])) for i in range(0, len(asked), times)],
        }
    torch.random.set_rng_state(state)
    return told


class Curve(TrainerCallback):
    """Figures of valid levels every few updates, as lines of curve.jsonl."""

    def __init__(self, stage, tokenizer, rows, every):
        self.stage, self.tokenizer, self.rows, self.every = stage, tokenizer, rows, every

    def on_step_end(self, args, state, control, model=None, **_):
        if state.global_step % self.every == 0:
            told = measure(model, self.tokenizer, self.rows, ways=(("sampled", 2),))
            model.train()
            line = json.dumps({"stage": self.stage, "step": state.global_step, **told})
            with (out / "curve.jsonl").open("a") as file:
                file.write(line + "\n")
            print(line, flush=True)


def trained(stage, model, make):
    """The model after a stage: as it was saved, or trained on from the last checkpoint."""
    folder = out / stage
    saved = folder / "weights.pt"
    if not saved.exists():
        trainer = make(str(folder))
        trainer.train(resume_from_checkpoint=get_last_checkpoint(folder) if folder.exists() else None)
        with (out / "log.jsonl").open("a") as file:
            file.writelines(json.dumps({"stage": stage, **row}) + "\n" for row in trainer.state.log_history)
        torch.save(model.state_dict(), folder / "weights.tmp")
        (folder / "weights.tmp").rename(saved)
    model.load_state_dict(torch.load(saved, map_location=model.device))


def measured(name, of):
    """A row of results.json, measured once."""
    file = out / "results.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    if name not in results:
        results[name] = of()
        file.with_suffix(".tmp").write_text(json.dumps(results, indent=1))
        file.with_suffix(".tmp").rename(file)
    print(name, json.dumps(results[name]), flush=True)


out.mkdir(parents=True, exist_ok=True)
set_seed(options.seed)
train, valid, test = rows_of("train"), rows_of("valid"), rows_of("test")
random.Random(options.seed).shuffle(train)
texts = [row["prompt"] + row["completion"] for row in train + valid + test]
model, tokenizer = load(out / "gemma", None if gpu else texts)
tokenizer.pad_token = "<pad>"
if gpu:
    model.to("cuda")
else:
    frozen = len(model.model.layers) - options.layers
    for part in [model.model.embed_tokens, *model.model.layers[:frozen]]:
        part.requires_grad_(False)

examples = "".join(row["prompt"] + row["completion"] + "\n" for row in train[:3])
once = (("greedy", 1),)
measured("base", lambda: measure(model, tokenizer, test, ways=once))
measured("base, shown three answers", lambda: measure(model, tokenizer, test, examples, once))

common = {
    "report_to": "none",
    "logging_steps": 1,
    "save_total_limit": 1,
    "seed": options.seed,
    "use_cpu": not gpu,
    "bf16": gpu,
    "gradient_checkpointing": False,
    "warmup_steps": 3,
}
eos = tokenizer.eos_token
trained(
    "sft",
    model,
    lambda folder: SFTTrainer(
        model=model,
        processing_class=tokenizer,
        args=SFTConfig(
            output_dir=folder,
            num_train_epochs=1,
            per_device_train_batch_size=64 if gpu else 16,
            learning_rate=2e-4,
            lr_scheduler_type="linear",
            save_steps=20,
            **common,
        ),
        train_dataset=Dataset.from_list(
            [{"prompt": r["prompt"], "completion": r["completion"] + eos} for r in train[:IMITATE]]
        ),
        callbacks=[Curve("sft", tokenizer, valid, 25)],
    ),
)
measured("SFT", lambda: measure(model, tokenizer, test))


def reward(prompts, completions, env_path, **_):
    return ask(prompts, completions, env_path)["rewards"]


trained(
    "grpo",
    model,
    lambda folder: GRPOTrainer(
        model=model,
        processing_class=tokenizer,
        reward_funcs=reward,
        args=GRPOConfig(
            output_dir=folder,
            max_steps=UPDATES,
            per_device_train_batch_size=ANSWERS,
            num_generations=GROUP,
            max_completion_length=LONGEST,
            temperature=1.0,
            beta=0.0,
            learning_rate=1e-5 if gpu else 3e-5,
            lr_scheduler_type="constant_with_warmup",
            save_steps=2,
            **common,
        ),
        train_dataset=Dataset.from_list([{"prompt": r["prompt"], "env_path": r["env_path"]} for r in train]),
        callbacks=[Curve("grpo", tokenizer, valid, 5)],
    ),
)
measured("GRPO", lambda: measure(model, tokenizer, test))
