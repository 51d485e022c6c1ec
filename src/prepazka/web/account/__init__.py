"""The account of an official: signing in and out, the password, and the offices."""

PROVIDER = "organisation"
"""The name of the provider of single sign-on inside; an installation has one."""
