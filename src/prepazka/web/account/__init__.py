"""The account of whoever works at an office: signing in and out, the password, the way to the offices."""
