"""Understanding: from a text to what it asks."""
