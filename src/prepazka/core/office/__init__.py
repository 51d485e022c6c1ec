"""The office as the rules use it: its settings, hours, closures and roles, and the differences between two states."""
