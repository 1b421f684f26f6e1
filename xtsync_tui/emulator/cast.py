"""The people of the demo story, as data: every fate that a person can have in a synchronization.

A row is given name, surname, department, job title, country, city, key of the manager ("" for none). The key
of a person is the part of the user principal name before the ``@``.
"""

import random
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple


class Role(NamedTuple):
    """One person of the story."""

    key: str
    given: str | None
    surname: str | None
    department: str | None
    title: str | None
    country: str | None
    city: str | None
    manager: str = ""
    display: str = ""


CONTOSO = (
    Role("ana.lopes", "Ana", "Lopes", "IT", "Identity Administrator", "Portugal", "Lisbon", "helen.cho"),
    Role("helen.cho", "Helen", "Cho", "Board", "Chief Executive Officer", "Germany", "Berlin"),
    Role("ingrid.holm", "Ingrid", "Holm", "Board", "Sales Director", "Sweden", "Stockholm", "helen.cho"),
    Role("paul.ncube", "Paul", "Ncube", "Board", "Director", "South Africa", "Cape Town", "helen.cho"),
    Role("jonas.weber", "Jonas", "Weber", "Sales", "Head of Sales DACH", "Germany", "Munich", "ingrid.holm"),
    Role("lena.fischer", "Lena", "Fischer", "Sales", "Account Manager", "Germany", "Munich", "jonas.weber"),
    Role(
        "priya.nair", "Priya", "Nair", "Sales", "Account Manager", "United Kingdom", "London", "jonas.weber"
    ),
    Role("tom.baker", "Tom", "Baker", "Sales", "Field Sales", "Germany", "Hamburg", "jonas.weber"),
    Role("zoe.mueller", "Zoë", "Müller", "Sales", "Account Manager", "Germany", "Köln", "jonas.weber"),
    Role("kim.lee", "Kim", "Lee", "Sales", "Sales Engineer", "Germany", "Berlin", "jonas.weber"),
    Role("omar.haddad", "Omar", "Haddad", "Sales", "Account Manager", None, None, "jonas.weber"),
    Role("rosa.diaz", "Rosa", "Diaz", "Sales", "Account Manager", "Spain", "Madrid", "ingrid.holm"),
    Role("marta.silva", "Marta", "Silva", "Sales", "Account Manager", "Portugal", "Porto", "ingrid.holm"),
    Role("aiko.tanaka", "Aiko", "Tanaka", "Sales", "Account Manager", "Japan", "Osaka", "ingrid.holm"),
    Role(
        "bob.stone",
        "Bob",
        "Stone",
        "Sales",
        "Partner Manager",
        "United States",
        "Boston",
        "ingrid.holm",
        "Bob [/b] Stone",
    ),
    Role("chloe.martin", "Chloé", "Martin", "Sales", "Account Manager", "France", "Lyon", "ingrid.holm"),
    Role("dieter.vogel", "Dieter", "Vogel", "Sales", "Account Manager", "Germany", "Bremen", "jonas.weber"),
    Role(
        "yusuf.aydin", "Yusuf", "Ayd\u0131n", "Sales", "Account Manager", "Germany", "Berlin", "jonas.weber"
    ),
    Role("tim.bauer", "Tim", "Bauer", "Sales", "Inside Sales", "Germany", "Leipzig", "jonas.weber"),
    Role("greta.lind", "Greta", "Lind", "Sales", "Partner Manager", "Sweden", "Malmö", "ingrid.holm"),
    Role("nora.quinn", "Nora", "Quinn", "Sales", "Account Manager", "Ireland", "Cork", "ingrid.holm"),
    Role(
        "prince",
        None,
        "Prince",
        "Sales",
        "Brand Ambassador",
        "United States",
        "Minneapolis",
        "ingrid.holm",
        "Prince",
    ),
    Role(
        "eve.lang",
        "Eve",
        "Lang",
        "Sales",
        "Account Manager",
        "Germany",
        "Essen",
        "jonas.weber",
        "Eve \x1b[31mLang\x1b[0m",
    ),
    Role("luca.rossi", "Luca", "Rossi", "Sales", "Account Manager", "Italy", "Turin", "ingrid.holm"),
    Role("sofia.costa", "Sofia", "Costa", "Sales", "Account Manager", "Portugal", "Faro", "ingrid.holm"),
    Role("emil.novak", "Emil", "Novák", "Sales", "Account Manager", "Czechia", "Brno", "jonas.weber"),
    Role("lior.cohen", "ליאור", "כהן", "Engineering", "Software Engineer", "Israel", "Haifa", "mei.chen"),
    Role(
        "mei.chen",
        "Mei",
        "Chen",
        "Engineering",
        "Head of Engineering",
        "Germany",
        "Berlin",
        "helen.cho",
        "陳美 (Mei Chen)",
    ),
    Role("noah.kirk", "Noah", "Kirk", "Engineering", "Software Engineer", "Germany", "Berlin", "mei.chen"),
    Role(
        "olga.petrova", "Ольга", "Петрова", "Engineering", "Software Engineer", "Germany", "Jena", "mei.chen"
    ),
    Role(
        "raj.patel", "Raj", "Patel", "Engineering", "Site Reliability Engineer", "India", "Pune", "mei.chen"
    ),
    Role("ines.moreau", "Inès", "Moreau", "Engineering", "Product Designer", None, None, "mei.chen"),
    Role("sam.osei", "Sam", "Osei", "Engineering", "Test Engineer", "Ghana", "Accra", "mei.chen"),
    Role("ken.adams", "Ken", "Adams", "Engineering", "Build Engineer", "Germany", "Berlin", "mei.chen"),
    Role("ken.lab", "Ken", "Adams (lab)", "Engineering", "Build Engineer", "Germany", "Berlin", "mei.chen"),
    Role("petra.kraus", "Petra", "Kraus", "Finance", "Controller", "Germany", "Berlin", "helen.cho"),
    Role("felix.baum", "Felix", "Baum", "Finance", "Accountant", "Germany", "Berlin", "petra.kraus"),
    Role("anna.wolf", "Anna", "Wolf", "People", "Recruiter", "Germany", "Berlin", "helen.cho"),
    Role("ada.quist", "Ada", "Quist", None, None, None, None),
    Role("hugo.blanc", "Hugo", "Blanc", "Legal", "Counsel", "France", "Paris", "helen.cho"),
    Role("ida.contractor", "Ida", "Kessler", "Engineering", "Contractor", "Austria", "Graz", "mei.chen"),
)
"""Contoso, the source: with its administrator, all but the external guest."""

FABRIKAM = (
    Role("ben.okoro", "Ben", "Okoro", "IT", "Identity Administrator", "Nigeria", "Lagos", "clara.voss"),
    Role("clara.voss", "Clara", "Voss", "Board", "Managing Director", "Austria", "Vienna"),
    Role("david.holt", "David", "Holt", "Production", "Plant Manager", "Austria", "Linz", "clara.voss"),
    Role("elena.popa", "Elena", "Popa", "Production", "Shift Lead", "Romania", "Cluj", "david.holt"),
    Role("frank.moss", "Frank", "Moss", "Logistics", "Dispatcher", "Austria", "Linz", "david.holt"),
    Role("gina.riva", "Gina", "Riva", "Purchasing", "Buyer", "Italy", "Milan", "clara.voss"),
    Role("hassan.ali", "Hassan", "Ali", "Production", "Engineer", "Austria", "Linz", "david.holt"),
    Role("iris.bloom", "Iris", "Bloom", "Finance", "Controller", "Austria", "Vienna", "clara.voss"),
    Role("jack.reed", "Jack", "Reed", "IT", "Service Desk", "Austria", "Vienna", "ben.okoro"),
    Role("luca.rossi", "Luca", "Rossi", "Purchasing", "Buyer", "Italy", "Milan", "gina.riva"),
)
"""Fabrikam, the target. Its own Luca Rossi also gets mail for Contoso's: inviting that one is ambiguous."""


def _words(text: str) -> list[str]:
    return text.split()


SALES = _words(
    "jonas.weber lena.fischer tom.baker zoe.mueller kim.lee omar.haddad rosa.diaz marta.silva aiko.tanaka "
    "bob.stone chloe.martin dieter.vogel yusuf.aydin tim.bauer greta.lind nora.quinn prince eve.lang "
    "luca.rossi"
)
SALES_EMEA = _words("priya.nair sofia.costa emil.novak ingrid.holm hugo.blanc ada.quist")
ENGINEERING = _words(
    "mei.chen lior.cohen noah.kirk olga.petrova raj.patel ines.moreau sam.osei ken.adams ken.lab "
    "ida.contractor"
)
LAUNCH = _words("lena.fischer mei.chen anna.wolf")

DISABLED = frozenset({"dieter.vogel"})
INTERNAL_GUESTS = frozenset({"ida.contractor"})
SMS_SIGN_IN = frozenset({"tom.baker"})
OTHER_MAIL = {"marta.silva": "m.silva@contoso.com", "ken.lab": "ken.adams@contoso.com"}
"""Mail that differs from the user principal name: Marta was invited by hers, and two Kens share one."""

_GIVEN = _words(
    "Aada Ben Chiara David Elif Femi Grace Hiro Isla João Kofi Lucía Mats Nadia Oskar Paula Quinn"
)
_SURNAMES = _words("Abe Berg Cruz Diallo Evans Fontana Graf Hansen Ito Jansen Khan Lopez Meyer Nowak Ortiz")
_DEPARTMENTS = _words("Sales Engineering Finance People Legal Support Marketing")
_PLACES = (("Germany", "Berlin"), ("France", "Lyon"), ("Japan", "Osaka"), ("Spain", "Madrid"), (None, None))


def crowd(choose: random.Random) -> Iterator[Role]:
    """Yield ordinary people without end, chosen by ``choose``."""
    for number in count(1):
        given, surname = choose.choice(_GIVEN), choose.choice(_SURNAMES)
        country, city = choose.choice(_PLACES)
        yield Role(
            f"person{number}",
            given,
            f"{surname} {number}",
            choose.choice(_DEPARTMENTS),
            "Staff",
            country,
            city,
        )
