"""The table of repairs, in the order in which they are made: the command, the service behind it, then the values."""

from prepazka.sms.understand import (
    homoglyphs,
    repair_around,
    repair_commands,
    repair_dates,
    repair_other_words,
    repair_services,
    repair_times,
    repair_words,
)
from prepazka.sms.understand.repair import Repair

REPAIRS: tuple[Repair, ...] = (
    *homoglyphs.CERTAIN,
    *repair_around.MARKS,
    *repair_words.CERTAIN,
    *repair_commands.CERTAIN,
    *repair_commands.DOUBTFUL,
    *repair_services.CERTAIN,
    *repair_times.CERTAIN,
    *repair_dates.CERTAIN,
    *repair_services.DOUBTFUL,
    *repair_dates.SEPARATORS,
    *repair_times.DOUBTFUL,
    *repair_dates.DOUBTFUL,
    *repair_around.DOUBTFUL,
    *repair_words.DOUBTFUL,
    *repair_other_words.DOUBTFUL,
)
