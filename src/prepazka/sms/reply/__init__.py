"""Replying: from an outcome to a text that fits."""
