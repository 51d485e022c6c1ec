"""The office as the rules see it: its settings, hours, closures, roles and their differences."""
