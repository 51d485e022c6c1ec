"""The account of an official: signing in and out, the password, and the offices."""
