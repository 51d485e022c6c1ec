"""How long the values of a legal office may be, in characters: what tables, forms and reply texts agree on."""

SERVICE_CODE = 10
SERVICE_TITLE = 100
CLOSURE_REASON = 60
OFFICE_NAME = 60
OFFICE_CONTACT = 120
OFFICE_ADDRESS = 120
OFFICE_DIRECTIONS = 120
PRIVACY_OFFICER = 200
RECIPIENTS = 300
INBOX_HOURS = 60
SYNONYM = 30
SYNONYMS = 20
"""Synonyms one service may have."""
BRING = 300
SAVED_ANSWER_TITLE = 60
SAVED_ANSWER = 450
SAVED_ANSWERS = 50
"""Saved answers an office may have."""
COUNTER_TITLE = 40
COUNTER_WAY = 40
SCREEN_NOTICE = 120
SLIDE_TEXT = 300
SLIDES = 5
"""Slides an office may have on its big screen."""
TICKET_PREFIX = 2
PERSON_NAME = 60
NOTE = 160
"""Of a clerk, on a booking."""
TYPED_CODE = 10
"""Digits of an access code somebody may type; those the office gives have `codes.CODE_LENGTH`."""
PERSONS = 9
"""Persons one message may name: a single digit before the x."""
EMAIL = 254
PRINTER = 100
FRAME_ORIGINS = 10
"""Origins of other web pages that may frame an office's."""
ORIGIN = 200
