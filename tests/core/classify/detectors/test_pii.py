import pytest

from tests.core.classify.families import Cases, assert_holds
from tidegate.core.classify.detectors.pii import ROWS

CASES = {
    "email": Cases(
        (
            "Please mail the slides to ‹t.nguyen@fabrikam.example› tonight",
            "<‹jo+news@mail.example.co.uk›>",
            "contact:‹ops@example.org›.",
            "‹müller@example.de› schreibt",
        ),
        ("@property", "user@host", "logo@2x.png", "pip install x@1.2.3", "a@b..c", "mail@"),
    ),
    "phone_us": Cases(
        (
            "call me at ‹(212) 555-0123›",
            "‹212-555-0123›",
            "tel ‹2125550123›",
            "cell: ‹1-212-555-0123›",
            "‹212.555.0123›",
        ),
        ("2125550123", "112-555-0123", "212-555-01234", "order 2125550123-A"),
    ),
    "phone_bracketed": Cases(
        ("‹(190)091-7442›", "‹(37) 788-063›, fax", "office ‹(212) 155-0123›"),
        ("(000) 000-0000", "f(12) 345", "(1234) 5678 9012 3456"),
    ),
    "phone_us_local": Cases(
        ("phone ‹555-0123›", "Tel: ‹555-0123›", "call me on ‹555 0123›"),
        ("555-0123", "155-0123", "phone 5555-0123x"),
    ),
    "phone_uk": Cases(
        ("‹020 7946 0958›", "ring ‹07700 900123›", "‹(0161) 496 0000›", "mobile ‹07700900123›"),
        ("020 7946", "920 7946 0958 3", "0000 000 0000"),
    ),
    "phone_fr": Cases(
        ("‹01 23 45 67 89›", "tél. ‹06.12.34.56.78›", "portable ‹0612345678›"),
        ("11 23 45 67 89", "00 00 00 00 00", "01 23 45 67"),
    ),
    "phone_trunk": Cases(
        ("Telefon ‹0171/1234567›", "‹(02) 9876 5432›", "Tel. ‹030 12345678›"),
        ("0/1234567", "0.1234567", "12/3456789"),
    ),
    "phone_br": Cases(
        ("‹(11) 91234-5678›", "cel ‹11 91234-5678›", "‹(21) 3123-4567›"),
        ("(10) 91234-5678", "(11) 11234-5678", "(01) 91234-5678"),
    ),
    "phone_in": Cases(
        ("call me on ‹98765 43210›", "mobile: ‹9876543210›", "phone ‹98765-43210›"),
        ("98765 43210", "58765 43210", "9876543210"),
    ),
    "phone_cn": Cases(
        ("‹138 1234 5678›", "mobile ‹13812345678›", "‹138-1234-5678›"),
        ("13812345678", "128 1234 5678", "138 1234 567"),
    ),
    "phone_jp": Cases(
        ("‹090-1234-5678›", "tel ‹080 1234 5678›", "‹070-1234-5678›"),
        ("290-1234-5678", "090-1234", "090-1234-56789"),
    ),
    "phone_international": Cases(
        ("‹+44 20 7946 0958›", "‹+49 (0) 30 123456›", "‹+12125550123›", "‹+33612345678›, merci"),
        ("+1 234", "x+442079460958", "+28 123 456 789", "grew +15.2345678"),
    ),
    "phone_loose": Cases(
        ("fax ‹416 60 039›", "Phone: ‹21 284 698 2548›", "call me at ‹345-899-3560x4587›", "‹0049 30 1234567›"),
        ("call 12 34", "in 1999-2000 call us", "phone 1.234.567", "call 2024-01-31 12"),
    ),
    "ipv4": Cases(
        ("blocked ‹203.0.113.77›", "from ‹8.8.8.8›", "‹198.51.100.24›"),
        (
            "10.0.0.1",
            "192.168.1.20",
            "127.0.0.1",
            "version 203.0.113.77",
            "1.2.3.4",
            "256.1.1.1",
            "203.0.113.77.5",
            "0.0.0.0",
        ),
    ),
    "ipv6": Cases(
        ("‹2001:db8::8a2e:370:7334›", "[‹2001:db8:85a3:0:0:8a2e:370:7334›]:443", "peer ‹2a00:1450:4001::200e› up"),
        ("fe80::1", "::1", "std::vector", "12:30:45", "2001:db8", "2001::25de::cade"),
    ),
    "mac": Cases(
        ("‹00:1a:2b:3c:4d:5e›", "mac ‹00-1A-2B-3C-4D-5E›", "‹001a.2b3c.4d5e›"),
        ("ff:ff:ff:ff:ff:ff", "00:1a:2b:3c:4d:5e:6f:70", "00:1a:2b:3c:4d", "00:1a-2b:3c:4d:5e"),
    ),
    "dob": Cases(
        (
            "born on ‹12 March 1985›",
            "DOB: ‹1985-03-12›",
            "date of birth ‹03/12/1985›",
            "geboren am ‹12.03.1985›",
            "né le ‹12/03/1985›",
            "Date of birth\n‹12/03/1985›",
            '{"birthDate": "‹1985-03-12›T00:00:00Z"}',
            "nacida, fecha de nacimiento: ‹12 de marzo de 1985›",
            "生年月日 ‹1985年3月12日›",
            "D.O.B. ‹03.12.85›",
        ),
        (
            "born in Wales",
            "He was born here. Updated 2024-01-31",
            "1985-03-12",
            "born 99/99/1985",
            "updated 2024-01-31",
        ),
    ),
    "street_address": Cases(
        (
            "Ship it to ‹1600 Pennsylvania Avenue NW› today",
            "at ‹221B Baker Street› since May",
            "‹742 Evergreen Terrace, Springfield, IL 62704›",
            "‹10 Downing St, London SW1A 2AA›",
            "‹123 Rowan Harbors Suite 456\nPort Example, TX 12345›",
            "‹17 Mill Lane, Exampleton, Norway 4021›.",
            "‹350 2019 Fifth Avenue, Exampleton, NY 10118›",
            "> ‹4923 Larkova 109\n> Suite 380\n> Exampleton\n> Slovenia 82709›",
        ),
        (
            "10 people on the road",
            "Chapter 5 of Main Street",
            "the street of dreams",
            "a 20 mile drive",
            "On 12 March 2019 we met",
            "10 Data Points",
            "5 minutes down the road",
            "Set 3 Environment Variables on the Cloud Run service",
            "at 10 AM Monday 12",
            "1 Corinthians 13",
            "404 Not Found",
            "We took 3 exits on Highway 101",
        ),
    ),
    "street_words": Cases(
        (
            "wohnt ‹Hauptstraße 12, 10115 Berlin›",
            "‹Unter-Allee 7› im Hof",
            "‹12 rue de la Paix, 75002 Paris›",
            "‹Calle Mayor 5›",
            "‹Via Garibaldi 21›",
            "‹ul. Kwiatowa 12/34\n00-950 Warszawa›",
            "‹Rua das Flores, 123›",
            "send it to ‹12 mill lane›, please",
            "‹Kossuth utca 14›. a cím",
            "‹Storgatan 3›",
        ),
        (
            "die Straße 5",
            "Hauptstraße",
            "auf der Strasse 12",
            "la rue est belle",
            "via email 2024",
            "rue 5",
            "3 ways to drive",
        ),
    ),
    "unit_address": Cases(
        ("‹4021 Sundowner 12 Apt. 7›", "‹88 Rivergate Suite 300›", "‹Ombra 9091\n Suite 967›"),
        ("Suite 300", "apt install 12 packages", "unit 7 failed 3 times"),
    ),
    "address_line": Cases(
        (
            "Address: ‹87 Harbour View 4›",
            "ship to ‹12 Old Mill Lane›",
            "my address is ‹5 Rowan Close›",
            "she lives at ‹333 Golfskálinn 78›",
            "located at ‹45 Harbour View›",
            "he lives in ‹Maple Row 12›",
        ),
        (
            "the address 0x7f",
            "IP address is private",
            "address 12 bytes",
            "he lives in Wales",
            "located at the top",
            "lives at home",
        ),
    ),
    "corner": Cases(
        (
            "meet at the ‹corner of Elm Street and Oak Avenue›",
            "stop at the ‹corner of Rowan 12 and Mill Lane›.",
            "‹intersection of King Street and Queen Street›",
        ),
        ("the corner of the room", "in the corner of my eye and yours", "corner of the box"),
    ),
    "town_state_postcode": Cases(
        ("near ‹Houston, TX 77002›.", "‹Port Example CA 90210-1234›", "in ‹Exampleton, NY 10001›, I think"),
        ("ID 12345", "see Houston, XX 77002", "OK 12345"),
    ),
    "po_box": Cases(
        ("‹P.O. Box 1044›", "‹PSC 1437, Box 3833\nAPO AA 66791›", "write to ‹PO Box 12›", "‹Postfach 1234›"),
        ("box 12", "a box of 24", "Box office 2000"),
    ),
    "military_post": Cases(
        ("‹USNS Example\nFPO AP 12345›", "‹FPO AA 65607›", "write: ‹APO AE 09012›"),
        ("apo 12345", "FPO ZZ 65607", "APO AE 1"),
    ),
    "postcode": Cases(
        ("zip code is ‹62704›", "PLZ ‹10115›", "ZIP: ‹90210-1234›", "postcode ‹SW1A 2AA›"),
        ("zip 3 files", "unzip 12345", "zip code is unknown"),
    ),
    "uk_postcode": Cases(
        ("in ‹SW1A 1AA›.", "‹M1 1AE›", "‹EC1A 1BB›, London"),
        ("A4 2CM", "QX1 1AA", "in B2 3cd4"),
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_values_are_found_whole_and_others_are_left(name):
    assert_holds(CASES[name], next(row.label for row in ROWS if row.name == name))


def test_every_row_has_cases():
    assert set(CASES) == {row.name for row in ROWS}
    assert all(len(cases.found) >= 3 <= len(cases.ignored) for cases in CASES.values())
