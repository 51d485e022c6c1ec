"""The language of messages: a text becomes a request, an outcome becomes a reply that fits."""
