"""PPO in one file, after CleanRL's: learns Sokoban from planes over Kickpush's vector environment.

pip install torch -e 'python[gymnasium]'
python python/examples/ppo.py --preset tiny-1 --steps 2000000
"""

import argparse
import time

import gymnasium as gym
import kickpush  # noqa: F401  (registers the games)
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--game", default="kickpush/Sokoban-v0")
    parser.add_argument("--preset", default="tiny-1")
    parser.add_argument("--observation", default="planes")
    parser.add_argument("--steps", type=int, default=2_000_000)
    parser.add_argument("--lanes", type=int, default=128)
    parser.add_argument("--rollout", type=int, default=32, help="steps of a lane per update")
    parser.add_argument("--starts", type=int, default=20_000, help="training levels")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--gamma", type=float, default=0.97)
    parser.add_argument("--gae", type=float, default=0.95)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batches", type=int, default=4)
    parser.add_argument("--clip", type=float, default=0.2)
    parser.add_argument("--entropy", type=float, default=0.01)
    parser.add_argument("--test", type=int, default=512, help="episodes of the test, on other levels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    return parser.parse_args()


def layer(module, gain=2**0.5):
    nn.init.orthogonal_(module.weight, gain)
    nn.init.zeros_(module.bias)
    return module


class Agent(nn.Module):
    def __init__(self, shape, actions):
        super().__init__()
        channels, height, width = shape
        self.body = nn.Sequential(
            layer(nn.Conv2d(channels, 32, 3, padding=1)),
            nn.ReLU(),
            layer(nn.Conv2d(32, 32, 3, padding=1)),
            nn.ReLU(),
            layer(nn.Conv2d(32, 32, 3, padding=1)),
            nn.ReLU(),
            nn.Flatten(),
            layer(nn.Linear(32 * height * width, 128)),
            nn.ReLU(),
        )
        self.policy = layer(nn.Linear(128, actions), 0.01)
        self.value = layer(nn.Linear(128, 1), 1)

    def forward(self, seen, mask):
        hidden = self.body(seen.float())
        logits = self.policy(hidden).masked_fill(~mask, -1e9)
        return Categorical(logits=logits), self.value(hidden)[:, 0]


def test(agent, args):
    """Share of `args.test` levels solved greedily, none of which was trained on."""
    envs = gym.make_vec(args.game, num_envs=args.test, preset=args.preset, observation=args.observation, masks=True,
                        autoreset_mode="Disabled")
    seen, info = envs.reset(seed=10**9)
    solved, over = np.zeros(args.test, bool), np.zeros(args.test, bool)
    while not over.all():
        with torch.no_grad():
            chosen, _ = agent(torch.as_tensor(seen), torch.as_tensor(info["action_mask"]).bool())
        seen, _, terminated, truncated, info = envs.step(chosen.probs.argmax(1).numpy())
        solved |= info["success"]
        over |= terminated | truncated
    envs.close()
    return solved.mean()


def main():
    args = arguments()
    torch.manual_seed(args.seed)
    envs = gym.make_vec(args.game, num_envs=args.lanes, preset=args.preset, observation=args.observation, masks=True,
                        starts=args.starts, autoreset_mode="SameStep")
    actions = int(envs.single_action_space.n)
    agent = Agent(envs.single_observation_space.shape, actions)
    optimizer = torch.optim.Adam(agent.parameters(), lr=args.rate, eps=1e-5)
    updates = max(1, args.steps // (args.lanes * args.rollout))
    shape = (args.rollout, args.lanes)
    seens = torch.zeros(*shape, *envs.single_observation_space.shape, dtype=torch.uint8)
    masks = torch.zeros(*shape, actions, dtype=torch.bool)
    chosens = torch.zeros(shape, dtype=torch.long)
    logs, rewards, ends, values = (torch.zeros(shape) for _ in range(4))
    seen, info = envs.reset(seed=args.seed)
    begun = time.time()
    won = lost = 0
    print(f"before: {100 * test(agent, args):.1f} % of {args.test} test levels", flush=True)
    for update in range(updates):
        for step in range(args.rollout):
            seens[step] = torch.as_tensor(seen)
            masks[step] = torch.as_tensor(info["action_mask"]).bool()
            with torch.no_grad():
                policy, values[step] = agent(seens[step], masks[step])
            chosens[step] = policy.sample()
            logs[step] = policy.log_prob(chosens[step])
            seen, reward, terminated, truncated, info = envs.step(chosens[step].numpy())
            over = terminated | truncated
            won += int(info["success"].sum())
            lost += int((over & ~info["success"]).sum())
            if truncated.any():  # what would have come is worth what the critic says
                lanes = np.flatnonzero(truncated)
                last = torch.as_tensor(np.stack(list(info["final_obs"][lanes])))
                with torch.no_grad():
                    _, worth = agent(last, torch.ones(len(lanes), actions, dtype=torch.bool))
                reward[lanes] += args.gamma * worth.numpy()
            rewards[step] = torch.as_tensor(reward)
            ends[step] = torch.as_tensor(over)
        with torch.no_grad():
            _, after = agent(torch.as_tensor(seen), torch.as_tensor(info["action_mask"]).bool())
        advantages = torch.zeros(shape)
        carried = torch.zeros(args.lanes)
        for step in reversed(range(args.rollout)):
            following = after if step == args.rollout - 1 else values[step + 1]
            going = 1 - ends[step]
            delta = rewards[step] + args.gamma * following * going - values[step]
            carried = delta + args.gamma * args.gae * going * carried
            advantages[step] = carried
        returns = advantages + values
        flat = [x.flatten(0, 1) for x in (seens, masks, chosens, logs, advantages, returns)]
        for _ in range(args.epochs):
            for part in torch.randperm(args.lanes * args.rollout).chunk(args.batches):
                some, mask, chosen, old, advantage, target = (x[part] for x in flat)
                policy, value = agent(some, mask)
                ratio = (policy.log_prob(chosen) - old).exp()
                advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
                clipped = ratio.clamp(1 - args.clip, 1 + args.clip)
                loss = -torch.min(ratio * advantage, clipped * advantage).mean()
                loss = loss + 0.5 * (value - target).pow(2).mean() - args.entropy * policy.entropy().mean()
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
                optimizer.step()
        if update % 40 == 39 or update == updates - 1:
            done = (update + 1) * args.lanes * args.rollout
            print(f"{done} steps, {time.time() - begun:.0f} s: {100 * won / max(1, won + lost):.1f} % won", flush=True)
            won = lost = 0
        if time.time() - begun > args.seconds:
            break
    envs.close()
    print(f"after: {100 * test(agent, args):.1f} % of {args.test} test levels", flush=True)


if __name__ == "__main__":
    main()
