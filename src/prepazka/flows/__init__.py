"""The journeys: the order of steps and the transaction around them, nothing else."""
