"""`prepazka bench`: the speed of the office, each figure beside the bare database's on the same disk."""
