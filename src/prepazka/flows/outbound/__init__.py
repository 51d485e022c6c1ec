"""Messages on their way out: queued, claimed, sent, and the receipts of them."""
