"""The table of repairs, in the order in which they are tried: the certain ones before the doubtful."""

from prepazka.sms.understand import homoglyphs, repair_commands, repair_dates, repair_times, repair_words
from prepazka.sms.understand.repair import Repair

REPAIRS: tuple[Repair, ...] = (
    *homoglyphs.CERTAIN,
    *repair_words.CERTAIN,
    *repair_commands.CERTAIN,
    *repair_times.CERTAIN,
    *repair_dates.CERTAIN,
    *repair_commands.DOUBTFUL,
    *repair_times.DOUBTFUL,
    *repair_dates.DOUBTFUL,
    *repair_words.DOUBTFUL,
)
