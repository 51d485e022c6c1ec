"""The office as the rules see it: agendas, services, hours, closures and settings, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from prepazka.core.office.roles import FactorRule


@dataclass(frozen=True, slots=True)
class Hours:
    """One time of opening with its grid of starts.

    step: minutes between offered starts. lanes: bookable places at once; the other counters serve walk-ins, and 0 is
    open for walk-ins alone. breaks: times without service, in order, not overlapping.
    """

    opens: time
    closes: time
    step: int
    lanes: int
    breaks: tuple[tuple[time, time], ...] = ()


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Hours that repeat every week on one weekday (0 = Monday); both validity dates are included, None is unlimited."""

    weekday: int
    hours: Hours
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ExtraDay:
    """Hours of one date that replace the weekly rules of that date and win over a public holiday."""

    day: date
    hours: Hours


@dataclass(frozen=True, slots=True)
class Queue:
    """The settings of an agenda's queue.

    prefix: the beginning of its ticket numbers (the D of D12); agendas with the same prefix share one series.
    walk_ins_per_day: the most tickets without a booking a day, None for no limit. walk_ins_stop_minutes: how long
    before the day's last closing the last of them is given out. service_minutes: the time of one client, used until
    enough clients have been served to measure it.
    """

    prefix: str = ""
    walk_ins_per_day: int | None = None
    walk_ins_stop_minutes: int = 0
    service_minutes: int = 10


@dataclass(frozen=True, slots=True)
class Agenda:
    """A group of counters with common hours and capacity ("fronta"); its services share the lanes."""

    id: int
    key: str
    title: str
    rules: tuple[WeeklyRule, ...]
    extra_days: tuple[ExtraDay, ...] = ()
    queue: Queue = Queue()


@dataclass(frozen=True, slots=True)
class Service:
    """What a citizen comes for ("činnost"); code is upper-case ASCII ("zkratka"), minutes is for one person.

    synonyms: other words for it in messages, as the office wrote them, each of one word or several. bring: what to
    bring, by language. weekdays: those on which it can be booked (0 = Monday), empty for all. paused_from: the day from
    which no new bookings are taken, None for never. hidden: left out of pages and open data; messages and the desk may
    name it. titles: the title in other languages.
    """

    id: int
    code: str
    title: str
    minutes: int
    agenda: int
    synonyms: tuple[str, ...] = ()
    bring: Mapping[str, str] = field(default_factory=dict, hash=False)
    weekdays: tuple[int, ...] = ()
    paused_from: date | None = None
    hidden: bool = False
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)

    # docs/spec/administration.md §4: "A paused service takes no new bookings from that day on"
    def is_paused(self, today: date) -> bool:
        """Whether no new bookings are taken today; those there are stand, and may move."""
        return self.paused_from is not None and self.paused_from <= today

    # docs/spec/administration.md §4: "What is missing in a language is shown as it is in the office's own"
    def title_in(self, language: str) -> str:
        """Return the title in this language, else the office's own."""
        return self.titles.get(language) or self.title

    def bring_in(self, language: str) -> str:
        """Return what to bring in this language, else in the first other language it is given in, else ""."""
        return self.bring.get(language) or next((text for _, text in sorted(self.bring.items()) if text), "")


Arrow = Literal["", "left", "right", "ahead", "up", "down"]
"""Where people in the hall go to a counter; "" where that is not said."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a clerk serves ("přepážka"): `title` is what the board shows, `agendas` are the ids of those it serves.

    arrow, way: how the big screen shows the way there: an arrow with its word, and a few words such as "1. patro".
    """

    id: int
    key: str
    title: str
    agendas: tuple[int, ...]
    arrow: Arrow = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """Days, both included, when the office or one agenda (its id) is shut; with times, only that part of each day.

    reasons: the reason in other languages.
    """

    first: date
    last: date
    reason: str
    agenda: int | None = None
    since: time | None = None
    until: time | None = None
    reasons: Mapping[str, str] = field(default_factory=dict, hash=False)

    def reason_in(self, language: str) -> str:
        """Return the reason in this language, else the office's own."""
        return self.reasons.get(language) or self.reason


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """A text that clerks send again and again; `title` is what they choose it by."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules an office decides for itself; the defaults are the reference town's (spec/messages.md §6).

    Units are in the names; None means no limit. recalls_before_absent: how often an absent client is called again.
    recall_later_minutes: how long after "not here". priority_tickets: seniors and people with disabilities may ask to
    go before other walk-ins. one_press: calling the next client ends the one who was called.
    proposal_minutes: how long a read-back can be answered by a yes. languages: those the office answers messages in,
    empty for all there are. accents: "none" sends plain letters, "full" all diacritics. inbox: clerks answer what was
    not understood; inbox_hours: when they do, in the office's words. confirm_web: bookings on the web wait until their
    phone confirms them; None: not decided, so they do not. proof_of_work: the web's forms always ask the browser for
    some work, not only while they are misused.
    second_factor: the least role whose sign-in needs a second factor.
    day_list_from: from then on, each opening day, its list for a day without the system goes to the folder of the
    server, to an e-mail address and to a printer (host or host:port), "" for none. frame_origins: web pages that may
    frame the board and the free times. public_unfinished: shown to the public also before its first steps are done.
    wait_limit_minutes: the longest wait an agenda should have. close_counters_minutes: how long after its closing a
    counter that is not used closes by itself, and counter_idle_minutes: how long its clerk did nothing; 0 in the first:
    never. signed_out_minutes: how long after its clerk signed out a counter is paused; 0: never.
    screen_notice: one line at the foot of the big screen, "" for none. voice: the languages that announce a call after
    the gong. voice_volume: of gong and voice, in per cent.
    clerk_figures: whether reports show service times of each clerk.
    keep_details_months: after so many months, of tickets, bookings and messages only their figures are kept.
    """

    horizon_days: int = 60
    soonest_days: int = 7
    notice_minutes: int = 0
    cancel_until_minutes: int = 0
    reoffer_minutes: int = 0
    open_per_sender: int = 4
    open_per_sender_and_service: int | None = None
    open_per_sender_and_agenda: int | None = None
    open_per_sender_and_day: int | None = None
    persons_at_most: int = 4
    wrong_codes_per_hour: int = 5
    identical_per_hour: int = 3
    not_understood_per_hour: int = 5
    repeat_minutes: int = 10
    offer_minutes: int = 15
    proposal_minutes: int = 120
    check_in_before_minutes: int = 15
    check_in_after_minutes: int = 15
    recalls_before_absent: int = 3
    recall_later_minutes: int = 5
    priority_tickets: bool = True
    one_press: bool = False
    remind_from: time = time(9)
    remind_to: time = time(19)
    message_hours: int = 12
    erase_after_days: int = 30
    keep_details_months: int = 13
    languages: tuple[str, ...] = ()
    accents: Literal["none", "full"] = "none"
    inbox: bool = False
    inbox_hours: str = ""
    confirm_web: bool | None = None
    proof_of_work: bool = False
    second_factor: FactorRule = "none"
    day_list_from: time = time(6, 30)
    day_list_folder: bool = False
    day_list_email: str = ""
    day_list_printer: str = ""
    frame_origins: tuple[str, ...] = ()
    public_unfinished: bool = True
    wait_limit_minutes: int = 30
    close_counters_minutes: int = 30
    counter_idle_minutes: int = 15
    signed_out_minutes: int = 15
    screen_notice: str = ""
    voice: Literal["none", "cs", "cs_en"] = "none"
    voice_volume: int = 80
    clerk_figures: bool = False


@dataclass(frozen=True)
class Office:
    """One authority with everything the rules need. `numbers` are its SMS numbers in E.164.

    gateways: by number, the name of the gateway that carries its messages; numbers without one are left out. holidays:
    the ISO country whose public holidays close the office, None for none. contact: one line for questions and
    complaints, "" if it is not known. address, directions: where the office is and how to get there, one line each,
    "" if they are not known. privacy_officer: how to reach the data protection officer; recipients: who else gets
    personal data, such as the provider of the gateway; "" for nobody but whom the privacy page names by itself. texts:
    the office's own reply texts (language, text name, text), over those of the language file. answers: texts for the
    clerk's inbox.
    """

    id: int
    slug: str
    name: str
    zone: ZoneInfo
    numbers: tuple[str, ...]
    agendas: tuple[Agenda, ...]
    services: tuple[Service, ...]
    closures: tuple[Closure, ...] = ()
    counters: tuple[Counter, ...] = ()
    holidays: str | None = "CZ"
    contact: str = ""
    settings: Settings = field(default_factory=Settings)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gateways: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    directions: str = ""
    privacy_officer: str = ""
    recipients: str = ""
    answers: tuple[SavedAnswer, ...] = ()

    # docs/spec/safety.md §3.3: "A new office has it on"
    def founded(self) -> "Office":
        """Return a new office, with what it did not choose chosen as a new one has it."""
        settings = self.settings
        return replace(self, settings=replace(settings, confirm_web=settings.confirm_web is not False))

    @cached_property
    def shown_services(self) -> tuple[Service, ...]:
        """Services that pages and open data show."""
        return tuple(service for service in self.services if not service.hidden)

    def sample_service(self, today: date) -> Service | None:
        """Return the service of which examples are made: the first one shown that takes bookings; None without any."""
        offered = [service for service in self.shown_services if not service.is_paused(today)]
        return next(iter([*offered, *self.services]), None)

    @cached_property
    def service_of(self) -> Mapping[str, Service]:
        """Services by code."""
        return {service.code: service for service in self.services}

    @cached_property
    def agenda_of(self) -> Mapping[int, Agenda]:
        """Agendas by id."""
        return {agenda.id: agenda for agenda in self.agendas}

    @cached_property
    def counter_of(self) -> Mapping[int, Counter]:
        """Counters by id."""
        return {counter.id: counter for counter in self.counters}
