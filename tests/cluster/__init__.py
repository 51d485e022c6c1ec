"""The set-up of docs/ha.md on this machine's loopback, the ways to break it, and the books compared afterwards."""
