"""The language of messages: a text becomes an ask, an outcome becomes a reply that fits."""
