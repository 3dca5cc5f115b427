"""
RLlib's PPO on Football with two controlled players, through the PettingZoo environment of the package in python/:

    pip install -r requirements.txt -e ../../python && python train.py --iterations 2
"""

import argparse
import importlib.metadata
import json
import math
import logging

import ray
from kickpush.zoo import KickpushParallelEnv
from ray.rllib.algorithms.ppo import PPOConfig
from ray.rllib.core.rl_module.rl_module import RLModuleSpec
from ray.rllib.env.wrappers.pettingzoo_env import ParallelPettingZooEnv
from ray.tune.registry import register_env

PRESET = {"preset": "academy_3_vs_1_with_keeper", "config": {"controlled": 2}, "observation": "simple115v2"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--iterations", type=int, default=2)
    parser.add_argument("--steps", type=int, default=400, help="environment steps of an iteration")
    parser.add_argument("--runners", type=int, default=0, help="processes that play; 0 plays in this one")
    options = parser.parse_args()
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    register_env("kickpush", lambda config: ParallelPettingZooEnv(KickpushParallelEnv("football", **config)))
    algorithm = (
        PPOConfig()
        .environment("kickpush", env_config=PRESET)
        .env_runners(num_env_runners=options.runners)
        # One policy for all seats.
        .multi_agent(policies={"shared"}, policy_mapping_fn=lambda agent, episode, **_: "shared")
        .rl_module(rl_module_spec=RLModuleSpec(model_config={"fcnet_hiddens": [64, 64]}))
        .training(train_batch_size_per_learner=options.steps, minibatch_size=100, num_epochs=2)
        .debugging(seed=1)
        .build_algo()
    )
    rows = []
    for _ in range(options.iterations):
        result = algorithm.train()
        runners, learner = result["env_runners"], result["learners"]["shared"]
        rows.append(
            {
                "steps": int(runners["num_env_steps_sampled_lifetime"]),
                # None while no episode has ended in an iteration.
                "return": None if math.isnan(mean := float(runners.get("episode_return_mean", float("nan")))) else round(mean, 3),
                "entropy": round(float(learner["entropy"]), 3),
                "loss": round(float(learner["total_loss"]), 4),
            }
        )
    algorithm.stop()
    print(json.dumps({"ray": importlib.metadata.version("ray"), "iterations": rows}))
    ray.shutdown()


if __name__ == "__main__":
    main()
