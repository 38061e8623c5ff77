"""Numbers are the issuers' own samples and what follows from them; none belongs to anybody."""

import pytest

from tests.core.classify.families import Cases, assert_holds
from tidegate.core.classify.detectors.government import ROWS

CASES = {
    "de_rvnr": Cases(
        ("‹65 170839 J 003›", "Rentenversicherungsnummer ‹65170839J003›", "‹15 070649 C103›"),
        ("65 170839 J 004", "65 171339 J 003", "6517083J003"),
    ),
    "at_svnr": Cases(
        ("SVNR ‹1237 010180›", "Sozialversicherungsnummer: ‹1237010180›", "SV-Nummer ‹1237-010180›"),
        ("SVNR 1238 010180", "1237 010180", "1237010180"),
    ),
    "bg_egn": Cases(
        ("EGN ‹6101057509›", "egn: ‹8032056031›", "егн ‹6101057509›"),
        ("EGN 6101057508", "6101057509", "EGN 6113057509"),
    ),
    "hr_oib": Cases(
        ("OIB ‹33392005961›", "oib: ‹94577403194›", "OIB=‹33392005961›"),
        ("OIB 33392005962", "rows 33392005961", "OIB 11111111111"),
    ),
    "baltic_code": Cases(
        ("isikukood ‹36805280109›", "asmens kodas: ‹38703181745›", "personal code ‹36805280109›"),
        ("isikukood 36805280108", "rows 36805280109", "isikukood 36813280109"),
    ),
    "gr_amka": Cases(
        ("AMKA ‹01013099997›", "αμκα: ‹01013099997›", "amka=‹01013099997›"),
        ("AMKA 01013099998", "rows 01013099997", "AMKA 41013099997"),
    ),
    "hk_identity": Cases(
        ("HKID ‹A123456(3)›", "‹AB987654(3)›.", "card ‹A123456(3)›, valid"),
        ("A123456(4)", "A1234563", "XA123456(3)"),
    ),
    "tw_identity": Cases(
        ("national ID ‹A123456789›", "身分證 ‹A123456789›", "Taiwan id ‹A123456789›"),
        ("national ID A123456788", "A123456789", "national ID A323456789"),
    ),
    "my_nric": Cases(
        ("MyKad ‹801231-14-5678›", "‹801231-14-5678›", "IC no: ‹801231145678›"),
        ("801331-14-5678", "801231-00-5678", "801231145678"),
    ),
    "ar_cuit": Cases(
        ("‹20-05536168-2›", "CUIT ‹20267565393›", "CUIL: ‹20-26756539-3›"),
        ("20-05536168-3", "99-05536168-2", "rows 20267565393"),
    ),
    "uk_driving_licence": Cases(
        ("licence ‹MORGA657054SM9IJ›", "DVLA: ‹MORGA657054SM9IJ›", "driver ‹MORGA657054SM9IJ›, valid"),
        ("MORGA699054SM9IJ", "MORGA657054SM9I", "XMORGA657054SM9IJ"),
    ),
    "us_ssn": Cases(
        ("My SSN is ‹457-55-5462›, is it valid?", "ssn: ‹457555462›", '{"id": "‹536-90-4399›"}', "SSN_‹457-55-5462›"),
        (
            "000-12-3456",
            "666-12-3456",
            "457-00-5462",
            "457-55-0000",
            "078-05-1120",
            "457555462",
            "part 1457-55-5462",
            "457-55-54623",
        ),
    ),
    "us_itin": Cases(
        ("ITIN ‹912-70-1234›", "taxpayer id ‹912701234›", "‹950-88-1234›"),
        ("912-69-1234", "912-93-1234", "912701234 units", "812-70-123"),
    ),
    "ca_sin": Cases(
        ("SIN ‹130 692 544›", "social insurance number: ‹130-692-544›", "my sin is ‹130692544›"),
        ("SIN 130 692 545", "SIN 046 454 286", "130692544 pieces"),
    ),
    "mx_curp": Cases(
        ("CURP ‹HEGG560427MVZRRL04›", "clave ‹MOTR930411HJCRMN03›.", "(‹BOXW310820HNERXN09›)"),
        ("HEGG560427MVZRRL05", "HEGG561327MVZRRL04", "HEGG560427QVZRRL04"),
    ),
    "uk_nino": Cases(
        ("NI number ‹AB 12 34 56 C›", "nino=‹AB123456C›", "‹JG-10-37-59-A›"),
        ("QQ 12 34 56 C", "GB123456A", "AB123456E", "model AB123456CX"),
    ),
    "ie_pps": Cases(
        ("PPS number ‹1234567T›", "PPSN: ‹1234567T›", "personal public service number ‹1234567T›"),
        ("PPS 1234567U", "item 1234567T", "PPS 12345678T"),
    ),
    "de_tax_id_made_up": Cases(
        ("Steuer-ID ‹12345678903›", "IdNr. ‹98765432106› liegt vor", "Steuernummer: ‹12 345 678 903›"),
        ("12345678903", "Steuer-ID 12345678904", "Steuer-ID 11111111111"),
    ),
    "de_tax_id": Cases(
        ("Steuer-ID ‹86095742719›", "IdNr. ‹65 929 970 489›", "tax id ‹65929970489›"),
        ("Steuer-ID 86095742710", "Bestellung 86095742719", "IdNr 06095742719"),
    ),
    "fr_nir": Cases(
        ("NIR ‹2 55 08 14 168 025 38›", "n° ‹255081416802538›", "sécu ‹1 84 12 76 451 089 46›"),
        ("2 55 08 14 168 025 39", "255081416802530", "9 55 08 14 168 025 38"),
    ),
    "es_dni": Cases(
        ("DNI ‹12345678Z›", "dni ‹12345678-Z›", "documento ‹12.345.678-Z›"),
        ("DNI 12345678A", "hex 12345678Zf", "12345678 Z-axis"),
    ),
    "es_nie": Cases(
        ("NIE ‹X1234567L›", "nie: ‹X-1234567-L›", "su NIE es ‹X1234567-L›"),
        ("X1234567A", "W1234567L", "aX1234567L"),
    ),
    "it_codice_fiscale": Cases(
        ("CF: ‹RSSMRA85T10A562S›", "codice fiscale ‹rssmra85t10a562s›", "(‹RSSMRA85T10A562S›)"),
        ("RSSMRA85T10A562T", "RSSMRA85Z10A562S", "XRSSMRA85T10A562S"),
    ),
    "pt_nif": Cases(
        ("NIF ‹501442600›", "contribuinte n.º ‹501 442 600›", "NIF: ‹123456789›"),
        ("NIF 501442601", "501442600 unidades", "NIF 401442600"),
    ),
    "nl_bsn": Cases(
        ("BSN ‹111222333›", "burgerservicenummer: ‹111222333›", "mijn bsn is ‹111222333›"),
        ("BSN 111222334", "order 111222333", "BSN 000000000"),
    ),
    "be_national": Cases(
        ("‹85.07.30-033.28›", "rijksregister ‹85073003328›", "national number ‹85.07.30-033.28›"),
        ("85.07.30-033.29", "85073003328 items", "85.13.30-033.28"),
    ),
    "ch_ahv": Cases(
        ("AHV ‹756.9217.0769.85›", "‹7569217076985›", "avs: ‹756.9217.0769.85›"),
        ("756.9217.0769.86", "757.9217.0769.85", "7569217076986"),
    ),
    "pl_pesel": Cases(
        ("PESEL ‹44051401359›", "pesel: ‹44051401359›", "‹44051401359›"),
        ("PESEL 44051401358", "PESEL 44131401359", "x44051401359"),
    ),
    "cz_rodne_cislo": Cases(
        ("r.č. ‹736028/5163›", "rodné číslo ‹7360285163›", "birth number ‹736028/5163›"),
        ("736028/5164", "7360285163 kusů", "739928/5163"),
    ),
    "ro_cnp": Cases(
        ("CNP ‹1800101221144›", "cod numeric personal ‹1800101221144›", "‹1800101221144›"),
        ("CNP 1800101221145", "CNP 1801301221144", "0800101221144"),
    ),
    "se_personnummer": Cases(
        ("personnummer ‹811218-9876›", "‹19811218-9876›", "nr ‹198112189876›"),
        ("811218-9877", "811318-9876", "171112189876"),
    ),
    "dk_cpr": Cases(
        ("CPR ‹070761-4285›", "cpr-nr. ‹0707614285›", "personnummer ‹070761-4286›"),
        ("CPR 320761-4285", "070761-4286 stk", "CPR 0713614285"),
    ),
    "no_fodselsnummer": Cases(
        ("fødselsnummer ‹15076500565›", "‹150765 00565›", "fodselsnummer: ‹18019815419›"),
        ("15076500566", "15136500565", "150765 00566"),
    ),
    "fi_hetu": Cases(
        ("hetu ‹131052-308T›", "‹131052-308T›", "henkilötunnus: ‹131052-308T›"),
        ("131052-308U", "131352-308T", "131052-308TX"),
    ),
    "tr_kimlik": Cases(
        ("TC Kimlik No ‹10000000146›", "‹10000000146›", "tckn=‹10000000146›"),
        ("10000000147", "00000000146", "1000000014"),
    ),
    "in_aadhaar": Cases(
        ("Aadhaar ‹4148 8594 5266›", "uidai ‹602631173296›", "‹4738-1247-1465›"),
        ("4148 8594 5267", "1148 8594 5266", "414885945266 rows"),
    ),
    "in_pan": Cases(
        ("PAN ‹ABCPE1234F›", "‹AAAPL1234C›", "permanent account number: ‹ABCPE1234F›"),
        ("ABCXE1234F", "ABCPE0000F", "ABCPE1234FG"),
    ),
    "sg_nric": Cases(
        ("NRIC ‹S1234567D›", "fin: ‹S1234567D›", "‹S1234567D›"),
        ("S1234567E", "A1234567D", "S12345678D"),
    ),
    "kr_rrn_random": Cases(
        ("RRN ‹960121-1234567›", "resident registration ‹000505-3637892›", "주민등록번호 ‹960121-1234567›"),
        ("960121-1234567", "RRN 961321-1234567", "RRN 960121-9234567"),
    ),
    "kr_rrn": Cases(
        ("RRN ‹850101-1245673›", "‹030405-3123453›", "주민등록번호 ‹9002152134563›"),
        ("850101-1245674", "851301-1245673", "850101-9245673"),
    ),
    "cn_resident_id": Cases(
        ("身份证 ‹11010519491231002X›", "‹11010519491231002X›", "resident id: ‹11010519491231002X›"),
        ("110105194912310021", "11010519491331002X", "01010519491231002X"),
    ),
    "jp_my_number": Cases(
        ("マイナンバー ‹1234 5678 9018›", "my number: ‹123456789018›", "個人番号 ‹1234-5678-9018›"),
        ("my number 1234 5678 9019", "1234 5678 9018", "123456789018 円"),
    ),
    "th_national": Cases(
        ("‹2-8775-74476-21-6›", "Thai ID ‹7320309319654›", "national id: ‹1693407303451›"),
        ("2-8775-74476-21-7", "0877574476216", "7320309319654 บาท"),
    ),
    "il_identity": Cases(
        ("teudat zehut ‹123456782›", "תעודת זהות ‹123456782›", "Israeli ID: ‹123456782›"),
        ("teudat zehut 123456783", "123456782", "Israeli ID 000000000"),
    ),
    "au_tfn": Cases(
        ("TFN ‹123 456 782›", "tax file number ‹123456782›", "tfn: ‹876 543 210›"),
        ("TFN 123 456 783", "123 456 782 sheep", "123456782"),
    ),
    "nz_ird": Cases(
        ("IRD ‹49-091-850›", "Inland Revenue ‹49091850›", "ird number: ‹49-091-850›"),
        ("IRD 49-091-851", "49-091-850", "49091850 sheep"),
    ),
    "za_identity": Cases(
        ("ID number ‹8001015009087›", "‹8001015009087›", "South African id ‹800101 5009 087›"),
        ("8001015009088", "8013015009087", "8001015909087"),
    ),
    "br_cpf": Cases(
        ("CPF ‹529.982.247-25›", "‹529.982.247-25›", "cpf: ‹52998224725›"),
        ("529.982.247-26", "111.111.111-11", "52998224725 itens"),
    ),
    "cl_rut": Cases(
        ("RUT ‹12.345.678-5›", "‹12.345.678-5›", "rut: ‹12345678-5›"),
        ("12.345.678-6", "12.345.678-K", "11.111.111-5"),
    ),
    "us_passport": Cases(
        ("passport number ‹C01234567›", "Passport: ‹123456789›", "US passport no. is ‹A12345678›"),
        ("passport photos 12345", "C01234567", "passport: 1234567890", "bring your passport. Invoice 12"),
    ),
    "passport": Cases(
        ("passport ‹AB1234567›", "Reisepass-Nr. ‹C01X0006H›", "passeport n° ‹12AB34567›"),
        ("passport office 42", "AB1234567 is a part", "passport ABCDEFGHI"),
    ),
    "us_driver_license": Cases(
        (
            "driver's license F‹162823540116›".replace("F‹", "‹F"),
            "DL number ‹D1234567›",
            "driver_license: ‹2270-66-1551›",
        ),
        ("driver license 12", "software license 2.0", "a driver with 6940579 miles"),
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_numbers_are_found_whole_and_others_are_left(name):
    assert_holds(CASES[name], next(row.label for row in ROWS if row.name == name))


def test_every_row_has_cases():
    assert set(CASES) == {row.name for row in ROWS}
    assert all(len(cases.found) >= 3 <= len(cases.ignored) for cases in CASES.values())
