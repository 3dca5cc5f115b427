#!/usr/bin/env bash
# LMM-R1's first stage (FRE: rule-based RL on text) with OpenRLHF 0.11.2 and Qwen2.5-VL-3B. Beside it runs the reward server:
#
#   kickpush dataset export --env sokoban --config preset=small-v0 --episodes 10000 --split train --format trl --modality text --out data/text
#   kickpush reward-server --env sokoban --reward lmm-r1-verifier --workers 2 --port 5000
#
# GPUS=8 as it stands; on one GPU of 80 GB: GPUS=1 and the lines marked (1).
set -euo pipefail
GPUS=${GPUS:-8}
MODEL=${MODEL:-Qwen/Qwen2.5-VL-3B-Instruct}

# vllm.num_engines: one engine a GPU (1: one).
# algo.advantage.estimator: the paper has PPO with a critic; OpenRLHF trains no critic of a VLM, so groups of samples stand for it.
# ds.zero_stage: 3 shares the model over GPUs (1: 2, with ds.adam_offload, moves the optimiser to the host).
# rollout.batch_size, train.batch_size: (1) 16 and 64 fit beside the engine.
# actor.freeze_visual_encoder: text teaches nothing about pictures.
args=(
    --actor.model_name_or_path "$MODEL"
    --actor.num_nodes 1
    --actor.num_gpus_per_node "$GPUS"
    --ref.num_nodes 1
    --ref.num_gpus_per_node "$GPUS"
    --train.colocate_all
    --vllm.num_engines "$GPUS"
    --vllm.tensor_parallel_size 1
    --vllm.gpu_memory_utilization 0.5
    --vllm.enable_sleep
    --ds.enable_sleep
    --ds.zero_stage 3
    --ds.param_dtype bf16
    --actor.gradient_checkpointing_enable
    --actor.freeze_visual_encoder
    --data.prompt_dataset data/text
    --data.input_key prompt
    --data.label_key env_path
    --data.apply_chat_template
    --data.max_len 4096
    --rollout.max_new_tokens 2048
    --reward.remote_url http://127.0.0.1:5000/get_reward
    --algo.advantage.estimator group_norm
    --algo.kl.init_coef 1e-3
    --algo.kl.use_loss
    --algo.kl.estimator k3
    --actor.adam.lr 1e-6
    --rollout.batch_size 128
    --rollout.n_samples_per_prompt 8
    --train.batch_size 1024
    --rollout.temperature 1
    --train.max_epochs 1
    --train.num_episodes 1
    --ckpt.output_dir checkpoints/fre
    --ckpt.save_steps 20
    --ckpt.save_hf
    --logger.logging_steps 1
    --logger.tensorboard_dir runs/fre
)
python3 -m openrlhf.cli.train_ppo_ray "${args[@]}" "$@"
