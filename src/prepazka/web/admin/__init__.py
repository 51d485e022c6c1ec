"""The administration of an office, under `/<slug>/admin/`: everything its file says, its people, messages and gateways.

Every page changes an office in the same way (`editing.change_office`): it edits the sections of the office file, reads
them back with all the checks of the file, and stores the office with the name of the official.
"""
