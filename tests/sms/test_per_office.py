"""What is worked out once for each office as it stands."""

import gc
from dataclasses import replace

from prepazka.core.office.office import Office
from prepazka.sms.per_office import per_office
from tests.offices import demo_office


def test_it_is_worked_out_once_for_each_office_and_anew_for_a_changed_one() -> None:
    asked: list[str] = []

    @per_office
    def name(office: Office) -> str:
        asked.append(office.name)
        return office.name

    office = demo_office()
    renamed = replace(office, name="Horní Lhota")
    assert [name(office), name(renamed), name(office)] == [office.name, "Horní Lhota", office.name]
    assert asked == [office.name, "Horní Lhota"]


def test_an_office_that_is_gone_is_not_mistaken_for_a_new_one() -> None:
    @per_office
    def slug(office: Office) -> str:
        return office.slug

    for number in range(200):
        office = replace(demo_office(), slug=f"urad-{number}")
        assert slug(office) == f"urad-{number}"
        del office
        gc.collect(0)
