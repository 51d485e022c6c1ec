"""The life of the demo office: simulated people text, come, wait and are served, so that every page shows something.

Every act goes through `prepazka.flows` at a simulated time; nothing writes to the tables directly. It runs only in the
demo.
"""
