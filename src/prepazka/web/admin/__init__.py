"""The administration of an office, under `/<slug>/admin/`: everything its file says, its people, messages and gateways.

An office is changed in one way (`editing.change`): its file's sections are edited, read back with all the checks of an
office file, and kept with the name of who did it.
"""
