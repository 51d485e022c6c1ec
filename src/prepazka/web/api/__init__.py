"""The API for other programs; every operation answers with the outcomes of spec/messages.md §4."""
