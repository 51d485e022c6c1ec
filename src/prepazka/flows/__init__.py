"""The flows: the order of steps of each use of the system, and the transaction around them."""
