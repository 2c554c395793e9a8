"""What may happen: the rules of professional challenge, over plain values and nothing else."""
