"""The shape of a row of the replies: which texts an outcome may be answered by, with which values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from prepazka.core.booking.outcomes import Outcome
from prepazka.core.office.office import Office
from prepazka.sms.reply.longest import Longest
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import Answer

AnOutcome = TypeVar("AnOutcome", bound=Outcome)


@dataclass(frozen=True, slots=True)
class Row(Generic[AnOutcome]):
    """How an outcome is answered.

    texts: by name, as in `[replies]` of a language file and in `Office.texts`: one, or one for each variant.
    answer: which of them is given with which values; None where nothing is sent. longest: outcomes that between them
    are answered by each of the texts, none of them with shorter values than any real one.
    """

    texts: Mapping[str, Text]
    answer: Callable[[AnOutcome, Office, Templates], Answer | None]
    longest: Callable[[Longest], Iterable[AnOutcome]]
