#!/usr/bin/env bash
# Unites and scores what the tasks of slurm.sh left.
#SBATCH --job-name=retinabench-merge
#SBATCH --time=00:30:00
set -euo pipefail

exec retinabench wider merge --quiet --data "${DATA:?the data set root}" --out merged.json shards/*
