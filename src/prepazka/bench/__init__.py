"""`prepazka bench`: how fast the office is, each figure beside what the database itself can do on the same disk."""
