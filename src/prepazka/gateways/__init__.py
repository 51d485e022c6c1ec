"""SMS gateways: each module exchanges messages with one kind of peer, and none uses the database."""
