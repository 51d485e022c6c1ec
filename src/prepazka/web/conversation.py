"""How the office talks by SMS, as sentences for its page: its questions, cancelling without a code, its inbox."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from prepazka.core.office.office import Office
from prepazka.web.titles import language_of_page
from prepazka.web.wording import format_until


def describe_conversation(office: Office) -> list[str]:
    """Return the sentences in the order in which people need them."""
    return list(_sentences(office))


def _sentences(office: Office) -> Iterator[str]:
    settings, commands = office.settings, language_of_page().words.commands
    words = {"yes": commands["accept"][0], "cancel": commands["cancel"][0], "mine": commands["mine"][0]}
    yield _(
        "Nejsme-li si jistí, co jste chtěli, zeptáme se a zatím nic neuděláme. Odpovězte do %(time)s %(yes)s, nebo NE."
    ) % {**words, "time": format_until(settings.proposal_minutes)}
    yield _(
        "Je-li čas obsazený, nabídneme jiné. Do %(time)s stačí odpovědět %(yes)s, na další nabídku %(yes)s 2. "
        "Na NE nic neobjednáme."
    ) % {**words, "time": format_until(settings.offer_minutes)}
    yield (
        _(
            "Nemáte po ruce kód? Pošlete jen %(cancel)s z telefonu, ze kterého jste se objednali. "
            "Přijde vám hotová zpráva i s kódem; když ji pošlete zpět, objednávku zrušíme. "
            "Z jiného telefonu potřebujeme kód i den."
        )
        % words
    )
    if not settings.inbox:
        yield _(
            "Na zprávy odpovídá program. Když zprávě neporozumí, nic neudělá a pošle vám, jak ji napsat. "
            "Dotazy a stížnosti touto cestou nikdo nečte; s nimi prosím zavolejte nebo přijďte na úřad."
        )
    elif settings.inbox_hours:
        yield _("Na zprávy odpovídá program. Čemu neporozumí, to si přečte úředník a odpoví vám (%(hours)s).") % {
            "hours": settings.inbox_hours
        }
    else:
        yield _("Na zprávy odpovídá program. Čemu neporozumí, to si přečte úředník a odpoví vám.")
