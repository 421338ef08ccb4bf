#!/usr/bin/env bash
# One shard of wider predict per task of a Slurm array. From a folder that all nodes share:
#
#   array=$(sbatch --parsable slurm.sh) && sbatch --dependency=afterok:$array slurm-merge.sh
#
#SBATCH --job-name=retinabench
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --time=04:00:00
#SBATCH --requeue
set -euo pipefail

# A task that was preempted and starts again goes on where it stopped.
exec retinabench wider predict --quiet --model "${MODEL:-retinaface-mnet025}" --data "${DATA:?the data set root}" \
  --shard auto --workers "${SLURM_CPUS_PER_TASK:-1}" --pred "shards/$SLURM_ARRAY_TASK_ID" ${FLAGS:-}
