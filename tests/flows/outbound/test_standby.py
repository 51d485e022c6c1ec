"""A second gateway takes over replies of one that is ill, and nobody ever gets two copies, whoever is killed."""

from collections import Counter
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from prepazka.core.delivery import LEASE
from prepazka.flows.inbound import intake, receive
from prepazka.flows.outbound import deliver as journey
from prepazka.flows.outbound import notify
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.standby import take_over
from prepazka.gateways.values import Capabilities, Inbound
from prepazka.sms.reply.render import Reply
from prepazka.store import gateways, models, offices, standby
from prepazka.store.gateways import GatewayError, GatewayReport
from tests.flows.conftest import NOW, NUMBER
from tests.flows.outbound.fake_gateway import Peer
from tests.flows.outbound.test_deliver_stateful import Killed, Mortal
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

ASKER = "+420602331447"


def declare() -> int:
    """Make the demo office with `sim`, for which `spare` stands by after 7 minutes; return the office's id."""
    office = offices.keep(demo_office(), NOW)
    sim = models.Gateway.objects.create(name="sim", kind="gammu", made_at=NOW)
    models.Gateway.objects.create(name="spare", kind="hosted", made_at=NOW)
    models.Number.objects.filter(e164=NUMBER).update(gateway=sim)
    standby.declare("sim", "spare", 7, NOW, "test")
    report("spare", "ok", NOW)
    report("sim", "ok", NOW)
    return office


def report(name: str, level: str, at: datetime) -> None:
    gateways.keep_report(name, GatewayReport(level, "", "", at))


def queue(office: int, at: datetime, kind: str = "reply", text: str = "zprava") -> models.Outbound:
    until = at + timedelta(hours=4)
    told = notify.Notification(kind, ASKER, Reply(text, 6, 1), until, route=notify.Route("sim", NUMBER))
    notify.enqueue(offices.load(office), [told], at)
    return models.Outbound.objects.latest("id")


def ill_until(at: datetime) -> None:
    """Let `sim` report errors from NOW to a moment; `spare` is well."""
    report("sim", "error", NOW)
    report("sim", "error", at)
    report("spare", "ok", at)


def test_replies_leave_by_the_second_only_after_the_declared_time() -> None:
    office = declare()
    message = queue(office, NOW)
    ill_until(NOW + timedelta(minutes=6))
    assert take_over(NOW + timedelta(minutes=6)) == 0
    at = NOW + timedelta(minutes=7)
    ill_until(at)
    assert take_over(at) == 1
    spare = Peer("spare")
    deliver(spare, at)
    assert [(one.text, one.sender, one.recipient) for one in spare.sent] == [("zprava", NUMBER, ASKER)]
    deliver(Peer("sim"), at)
    assert models.Outbound.objects.get(id=message.id).state == "handed"


def test_a_refused_reply_is_taken_over_and_what_can_wait_is_not() -> None:
    office, at = declare(), NOW + timedelta(minutes=8)
    queue(office, NOW)
    deliver(Peer("sim", script=["refuse"]), NOW)
    reminder = queue(office, NOW, "notice", "misto")
    ill_until(at)
    assert take_over(at) == 1
    assert models.Outbound.objects.get(id=reminder.id).gateway == "sim"


@pytest.mark.parametrize("script", [["lose"], ["miss"], ["take and break"], ["lose", "refuse"]])
@pytest.mark.parametrize("idempotent", [False, True])
def test_a_reply_that_may_have_been_sent_stays(script: list[str], idempotent: bool) -> None:
    """Also where a gateway that keeps our ids refuses it later: another process may still be sending the first copy."""
    office, at = declare(), NOW + timedelta(minutes=30)
    queue(office, NOW)
    sim = Peer("sim", Capabilities(idempotent=idempotent), list(script))
    for minutes in (0, 1, 5):
        deliver(sim, NOW + timedelta(minutes=minutes))
    ill_until(at)
    assert take_over(at) == 0


def test_nothing_is_taken_over_while_the_second_is_ill_or_silent() -> None:
    office, at = declare(), NOW + timedelta(minutes=8)
    queue(office, NOW)
    ill_until(at)
    report("spare", "error", at)
    assert take_over(at) == 0
    report("spare", "ok", at - timedelta(minutes=3))
    assert take_over(at) == 0


def test_a_gateway_nobody_serves_is_ill_too() -> None:
    office, at = declare(), NOW + timedelta(minutes=7)
    queue(office, NOW)
    report("spare", "ok", at)
    assert take_over(at) == 1


def test_it_goes_back_once_the_first_is_well() -> None:
    office, at = declare(), NOW + timedelta(minutes=8)
    queue(office, NOW)
    ill_until(at)
    assert take_over(at) == 1
    report("sim", "ok", at)
    assert take_over(at) == 1
    assert models.Outbound.objects.get().gateway == "sim"
    assert models.Gateway.objects.get(name="sim").ill_since is None
    queue(office, at, text="druha")
    assert take_over(at) == 0


def test_messages_to_the_firsts_number_may_come_by_the_second_and_by_no_other() -> None:
    declare()
    models.Gateway.objects.create(name="stranger", kind="hosted", made_at=NOW)
    said = [Inbound(name, "1", ASKER, NUMBER, "POMOC") for name in ("sim", "spare", "stranger")]
    intake.store([*said, Inbound("spare", "2", ASKER, "", "POMOC")], NOW)
    receive.work(NOW)
    assert sorted(models.Inbound.objects.values_list("gateway", flat=True)) == ["sim", "spare", "spare"]
    assert [stray.gateway for stray in models.Stray.objects.all()] == ["stranger"]


def test_what_cannot_stand_by_is_refused_in_words() -> None:
    declare()
    other = models.Gateway.objects.create(name="other", kind="hosted", made_at=NOW)
    for first, second, why in [
        ("sim", "sim", "for itself"),
        ("sim", "nobody", "there is no gateway nobody"),
        ("other", "sim", "has numbers of its own"),
        ("spare", "other", "a gateway that stands by has none"),
    ]:
        with pytest.raises(GatewayError, match=why):
            standby.declare(first, second, 5, NOW, "test")
    standby.withdraw("sim", NOW, "test")
    standby.declare("spare", other.name, 5, NOW, "test")


# --- whoever is killed ---------------------------------------------------------------------------------


class TakingOver(RuleBasedStateMachine):
    """An office with two gateways, neither of which sends receipts; either may be ill, and killed while it sends."""

    @initialize(idempotent=st.booleans())
    def begin(self, idempotent: bool) -> None:
        tables = (models.Receipt, models.OutboundRef, models.Outbound, models.Breaker, models.Number, models.Gateway)
        for table in tables:
            table.objects.all().delete()
        self.office, self.now, self.count = declare(), NOW, 0
        first, second = Mortal(Capabilities(1, None, idempotent, False)), Mortal(Capabilities(1, None, False, False))
        first.name, second.name = "sim", "spare"
        self.peers = [first, second]
        self.levels = ["ok", "ok"]

    @rule()
    def reply(self) -> None:
        self.count += 1
        queue(self.office, self.now, text=f"zprava {self.count}")

    @rule(which=st.integers(0, 1), level=st.sampled_from(["ok", "error"]))
    def change(self, which: int, level: str) -> None:
        self.levels[which] = level

    @rule(minutes=st.sampled_from([1, 4, 8]))
    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.now += timedelta(minutes=1)
            for peer, level in zip(self.peers, self.levels, strict=True):
                report(peer.name, level, self.now)
            take_over(self.now)

    @rule(
        which=st.integers(0, 1), script=st.sampled_from(["take", "refuse", "lose", "miss", "break", "take and break"])
    )
    def send(self, which: int, script: str) -> None:
        peer = self.peers[which]
        peer.now, peer.temper = self.now, [script]
        deliver(peer, self.now)

    @rule(
        which=st.integers(0, 1),
        where=st.sampled_from(["after the claim", "after the gateway took it", "before it is kept"]),
    )
    def die(self, which: int, where: str) -> None:
        peer = self.peers[which]
        peer.killed, peer.now, peer.temper = where, self.now, ["take"]
        try:
            if where == "before it is kept":
                with patch.object(journey, "_store", side_effect=Killed):
                    deliver(peer, self.now)
            else:
                deliver(peer, self.now)
        except Killed:
            pass
        peer.killed = ""

    @rule()
    def stall(self) -> None:
        """A process has claimed and sleeps past its lease; meanwhile the other gateway takes over what it may."""
        peer = self.peers[0]

        def meanwhile(_rows: list[int]) -> None:
            self.now += LEASE
            self.levels = ["error", "ok"]
            deliver(peer, self.now)
            self.wait(8)
            deliver(self.peers[1], self.now)

        peer.meanwhile, peer.now, peer.temper = meanwhile, self.now, ["refuse"]
        deliver(peer, self.now)
        peer.meanwhile = None

    @invariant()
    def nobody_got_two_copies(self) -> None:
        copies = Counter(one.text for peer in getattr(self, "peers", []) for one in peer.sent)
        assert not [text for text, count in copies.items() if count > 1]


def test_nobody_gets_two_copies_wherever_a_process_is_killed() -> None:
    checked = settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(TakingOver, settings=checked)
