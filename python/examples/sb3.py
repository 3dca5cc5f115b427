"""Stable-Baselines3's PPO learns Sokoban from planes.

pip install stable-baselines3 -e 'python[gymnasium]'
python python/examples/sb3.py --preset tiny-1 --steps 1000000
"""

import argparse

from kickpush.sb3 import KickpushVecEnv
from stable_baselines3 import PPO
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import nn


class Planes(BaseFeaturesExtractor):
    """Three small convolutions; boards are too small for the one Stable-Baselines3 brings."""

    def __init__(self, space, features=128):
        super().__init__(space, features)
        channels, height, width = space.shape
        layers = []
        for wide in (channels, 32, 32):
            layers += [nn.Conv2d(wide, 32, 3, padding=1), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(32 * height * width, features), nn.ReLU())

    def forward(self, seen):
        return self.body(seen.float())


def solved(model, preset, episodes):
    """Share of levels solved as it plays in training, none of which was trained on."""
    env = KickpushVecEnv(min(256, episodes), preset=preset)
    env.seed(10**9)
    ends = []
    evaluate_policy(
        model, env, episodes, deterministic=False, warn=False,
        callback=lambda now, _: ends.append(now["info"]["is_success"]) if now["done"] else None,
    )
    env.close()
    return sum(ends) / len(ends)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="tiny-1")
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--lanes", type=int, default=128)
    parser.add_argument("--test", type=int, default=512)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    env = KickpushVecEnv(args.lanes, preset=args.preset, starts=20_000)
    model = PPO("MlpPolicy", env, n_steps=32, batch_size=1024, n_epochs=3, learning_rate=1e-3, gamma=0.97,
                ent_coef=0.01, policy_kwargs={"features_extractor_class": Planes, "net_arch": []}, seed=args.seed, device="cpu", verbose=1)
    print(f"before: {100 * solved(model, args.preset, args.test):.1f} % of {args.test} test levels", flush=True)
    model.learn(args.steps, log_interval=40)
    env.close()
    print(f"after: {100 * solved(model, args.preset, args.test):.1f} % of {args.test} test levels", flush=True)


if __name__ == "__main__":
    main()
