"""The send-back test: whether each message a reply teaches does, sent back, what its reader wishes."""
