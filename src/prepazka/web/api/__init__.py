"""The HTTP API for gateways and other programs."""
