"""Whether the office works: the offices, the installation, the database, and this process."""
