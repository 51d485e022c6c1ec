"""Messages on their way out: queued, claimed, sent, and what became of them."""
