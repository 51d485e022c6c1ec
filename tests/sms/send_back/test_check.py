"""The send-back test of an office's own texts, codes and synonyms (docs/spec/conversation.md §7)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from prepazka.core.office.office import Office
from prepazka.sms.languages import load
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.send_back.check import TaughtProblem, find, new_taught_problems, trials
from prepazka.sms.send_back.situations import situations
from prepazka.sms.send_back.wishes import wishes
from tests.conversation.offices import OFFICES
from tests.offices import demo_office
from tests.yardstick import seconds

NOW = datetime(2026, 9, 14, 7, 20, tzinfo=UTC)
LANGUAGES = {language.code: language for language in load()}
DEMO = demo_office()


def problems(text: str, name: str, language: str = "cs", office: Office = DEMO) -> list[TaughtProblem]:
    """What is wrong with an own text that an office is about to save."""
    return new_taught_problems(replace(office, texts={language: {name: text}}), office, NOW)


@pytest.mark.parametrize("office", OFFICES)
def test_the_texts_that_ship_teach_the_truth(office: str) -> None:
    assert find(trials(OFFICES[office], NOW)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("office", OFFICES)
def test_every_reply_text_is_sent_in_some_situation(office: str, language: str) -> None:
    service = OFFICES[office].services[-1]
    (wish,) = wishes(OFFICES[office], service, NOW, 1)
    met = {one.text for one in situations(OFFICES[office], LANGUAGES[language], wish, frozenset(TEXTS))}
    assert met == TEXTS.keys()


def test_an_office_that_takes_no_bookings_cannot_be_tried() -> None:
    closed = replace(DEMO, agendas=tuple(replace(agenda, rules=()) for agenda in DEMO.agendas))
    assert find(trials(closed, NOW)) == []
    assert find(trials(replace(DEMO, services=()), NOW)) == []


WRONG = [
    ("a stale sample", "mine_none", "Nic tu není, pošlete OBJ ZCD 23.9. 10:30 KADLEC", "booked", "{book}"),
    ("a sample in the help", "help", "{book}, třeba OBJ POP 3.2. 9:00 KADLEC", "too_far", "{book} or {soonest}"),
    ("no day to cancel", "moved", "{service} {date} {time} {name}. STORNO {code} či\n{cancel}", "", "{cancel}"),
    ("no day to watch", "no_free_slot_day", "{service} {date} plno. HLIDEJ {service}", "missing_date", "{watch}"),
    ("half a move", "booked", "{service} {date} {time} {name}. PRESUN {code}, {cancel}", "", "PRESUN KOD DATUM CAS"),
    ("a name", "free_times", "{service} {date}: {times}. {book} KADLEC", "", "{book}"),
    ("capitals that go on", "not_understood", "Nerozumíme {token}. {example} OBRATEM", "proposed", "{example}"),
    ("to book instead", "missing_code", "Bez kódu nic. {example}\nOBJ ZKR DATUM CAS PRIJMENI", "booked", "{example}"),
    ("yes to nothing", "declined", "Dobře. Kdyby přece, pošlete ANO.", "nothing_offered", "leave that message out"),
    ("the same again", "stopped", "Vypnuto. Zapnete zprávou STOP", "stopped", "{resume}"),
    ("more than the command", "limit_sender", "Jen {limit}. Pošlete MOJE VSECHNY", "not_understood", "{mine}"),
    ("no command", "apology", "Nepovedlo se. Pošlete BRNKNETE PRIJMENI", "not_understood", "leave that message out"),
    ("late, and half", "too_late", "{service} {date} {time} ne. STORNO {code}", "missing_date", "STORNO KOD DATUM"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "came", "fix"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_text_that_teaches_something_else_is_found(name: str, text: str, came: str, fix: str) -> None:
    [problem] = problems(text, name)
    assert (problem.language, problem.text) == ("cs", name)
    assert not came or problem.came == came
    assert fix in problem.fix
    assert problem.sent in str(problem)
    assert name in str(problem)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("booked", "Máte to: {service} {date} {time}, {name}, {code}. Nehodí se? Pošlete\n{cancel}"),
        ("booked", "{service} {date} {time}, {name}, {code}. Zrušíte {cancel} Seznam pošlete MOJE."),
        ("cancelled", "Zrušeno {service} {date} {time} {name}. Znovu třeba OBJ ZKR PRIJMENI"),
        ("cancelled", "Zrušeno {service} {date} {time} {name}. Jindy: OBJ {service} DATUM CAS PRIJMENI"),
        ("slot_full", "Plno {service} {date} {time}. {offers}{later}"),
        ("notice", "Volno {service} {date} {time}. Odpovězte ANO, nebo pošlete\n{book}"),
        ("reminder", "Zítra {service} {date} {time}{bring} {code}. Bez připomínek: STOP"),
        ("help", "{book} {soonest} {services} {free_times} {cancel}"),
        ("apology", "MěÚ KADAŇ, tel. 555 123 456, PO a ST 8-17."),
        ("too_late", "{service} {date} {time}: pozdě. Volejte KANCELAR 12"),
        ("not_understood_inbox", "Nevíme, co je {token}; napíšeme ({hours}), nebo pošlete\n{example}"),
    ],
)
def test_a_text_that_teaches_the_truth_is_not_refused(name: str, text: str) -> None:
    assert problems(text, name) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nothing. Send BOOK ZCD 23.9. 10:30 KADLEC"),
        ("sk", "Nič nemáte. Pošlite OBJEDNAJ ZCD 23.9. 10:30 KADLEC"),
        ("uk", "Нічого немає. Надішліть ЗАПИС ZCD 23.9. 10:30 KADLEC"),
    ],
)
def test_every_language_is_tried_in_its_own_words(language: str, text: str) -> None:
    [problem] = problems(text, "mine_none", language)
    assert (problem.language, problem.came) == (language, "booked")


def test_a_text_in_a_language_that_is_not_offered_teaches_nobody() -> None:
    czech_only = replace(DEMO, settings=replace(DEMO.settings, languages=("cs",)))
    assert problems("Nothing. Send BOOK ZCD 23.9. 10:30 KADLEC", "mine_none", "en", czech_only) == []


def test_what_was_wrong_before_keeps_nobody_from_other_changes() -> None:
    wrong = replace(DEMO, texts={"cs": {"mine_none": "Pošlete OBJ ZCD 23.9. 10:30 KADLEC"}})
    assert new_taught_problems(replace(wrong, name="Jiný úřad"), wrong, NOW) == []
    assert [problem.text for problem in new_taught_problems(wrong, None, NOW)] == ["mine_none"]
    assert [problem.text for problem in find(trials(wrong, NOW))] == ["mine_none"]


def test_a_code_by_which_no_message_can_name_its_service_is_found() -> None:
    """A question word is read as a question, whatever the office calls by it."""
    services = tuple(
        replace(one, code="KDY", synonyms=("pasy",)) if one.code == "ZCD" else one for one in DEMO.services
    )
    found = new_taught_problems(replace(DEMO, services=services), DEMO, NOW)
    assert {(one.text, one.service, one.came) for one in found} == {("", "KDY", "not_understood")}
    assert all(one.word in one.fix or "synonym" in one.fix or "code" in one.fix for one in found)


def test_the_limits_of_an_office_do_not_look_like_wrong_texts() -> None:
    tight = replace(
        DEMO.settings,
        open_per_sender=1,
        open_per_sender_and_service=1,
        open_per_sender_and_day=1,
        persons_at_most=1,
        horizon_days=14,
        notice_minutes=600,
        cancel_until_minutes=2_000,
        reoffer_minutes=60,
        inbox=True,
        inbox_hours="po a st 8-11 h",
        accents="full",
    )
    assert find(trials(replace(DEMO, settings=tight), NOW)) == []


def test_saving_one_text_waits_well_under_a_second() -> None:
    problems("Nic nemáte. Pošlete\n{book}", "mine_none")  # reads the word lists
    assert seconds(lambda: problems("Nic tu nemáte. Pošlete\n{book}", "mine_none"), tries=1) < 1
