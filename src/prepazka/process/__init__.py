"""The processes of an installation: serving pages, the worker, the gateways, the log."""
