"""Messages on their way in: stored once, acknowledged, decided, answered once."""
