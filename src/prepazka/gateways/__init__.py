"""SMS gateways: each module hears and sends messages by one kind of peer and knows nothing of the database."""
