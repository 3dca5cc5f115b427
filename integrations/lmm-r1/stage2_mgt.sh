#!/usr/bin/env bash
# LMM-R1's second stage (MGT: rule-based RL on frames), from the first stage's model, with OpenRLHF 0.11.2:
#
#   kickpush dataset export --env sokoban --config preset=small-v0 --episodes 2000 --split train --format trl --modality frame --out data/frames
#   kickpush reward-server --env sokoban --reward lmm-r1-verifier --workers 2 --port 5000
#
# Pictures are paths from the data set's folder: run this there (cd data/frames), or export with --parquet and give absolute ones.
# GPUS=8 as it stands; on one GPU of 80 GB: GPUS=1 and the lines marked (1).
set -euo pipefail
GPUS=${GPUS:-8}
MODEL=${MODEL:-checkpoints/fre}

# data.max_images_per_prompt: one look in a global answer; as many as turns, and packing must stay off.
# The visual encoder is not frozen here: it is what this stage is for. (1) Freeze it with --actor.freeze_visual_encoder to fit.
# ds.zero_stage 3 (1: 2 and --ds.adam_offload); rollout.batch_size, train.batch_size (1) 16 and 64.
args=(
    --actor.model_name_or_path "$MODEL"
    --actor.num_nodes 1
    --actor.num_gpus_per_node "$GPUS"
    --ref.num_nodes 1
    --ref.num_gpus_per_node "$GPUS"
    --train.colocate_all
    --vllm.num_engines "$GPUS"
    --vllm.tensor_parallel_size 1
    --vllm.gpu_memory_utilization 0.4
    --vllm.enable_sleep
    --ds.enable_sleep
    --ds.zero_stage 3
    --ds.param_dtype bf16
    --actor.gradient_checkpointing_enable
    --data.prompt_dataset .
    --data.input_key prompt
    --data.label_key env_path
    --data.image_key images
    --data.max_images_per_prompt 1
    --data.apply_chat_template
    --data.max_len 4096
    --rollout.max_new_tokens 2048
    --reward.remote_url http://127.0.0.1:5000/get_reward
    --algo.advantage.estimator group_norm
    --algo.kl.init_coef 1e-3
    --algo.kl.use_loss
    --algo.kl.estimator k3
    --actor.adam.lr 5e-7
    --rollout.batch_size 64
    --rollout.n_samples_per_prompt 8
    --train.batch_size 512
    --rollout.temperature 1
    --train.max_epochs 1
    --train.num_episodes 1
    --ckpt.output_dir checkpoints/mgt
    --ckpt.save_steps 20
    --ckpt.save_hf
    --logger.logging_steps 1
    --logger.tensorboard_dir runs/mgt
)
python3 -m openrlhf.cli.train_ppo_ray "${args[@]}" "$@"
