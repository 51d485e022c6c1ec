"""What a reply teaches, as the product finds it (`prepazka check --texts`)."""

from prepazka.sms.send_back.taught import Taught, command_words, filled, hole_words, taught

__all__ = ["Taught", "command_words", "filled", "hole_words", "taught"]
