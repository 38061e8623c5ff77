"""Whether a value can be what its shape says. Each takes the value without separators, in capitals; sources stand
with them.

Official publications are named where one defines the check; none needs a table that changes, but for those that say so.
"""

# ruff: noqa: E501 - a table of codes reads better in few lines

from tidegate.core.classify.checksums import luhn, mod_11_10, verhoeff, weighted

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(month: int, day: int) -> bool:
    """A day that some year has."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def varied(text: str) -> bool:
    """Not one character over and over: a filler passes many check digits and is nobody's number."""
    return text[-1:] != text[:1] or text.count(text[:1]) != len(text)


# -- North America ----------------------------------------------------------------------------------------------


def us_ssn(digits: str) -> bool:
    """SSA, POMS RM 10201.030: no area 000, 666 or 900-999, no group 00, no serial 0000. Two advertised numbers are
    out.
    """
    if digits[0] == "9" or digits[:3] in {"000", "666"} or digits[3:5] == "00" or digits[5:] == "0000":
        return False
    return digits not in {"078051120", "219099999", "123456789"} and varied(digits)


def us_itin(digits: str) -> bool:
    """IRS, Publication 1915: 9xx, fourth and fifth digit 50-65, 70-88, 90-92 or 94-99."""
    group = int(digits[3:5])
    return digits[0] == "9" and (50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or group >= 94)


def us_npi(digits: str) -> bool:
    """CMS, NPI check digit: Luhn over the number behind the card issuer prefix 80840; starts with 1 or 2."""
    return digits[0] in "12" and luhn("80840" + digits)


def us_dea(text: str) -> bool:
    """DEA registration: a registrant letter, a letter or 9; the seventh digit is the last of d1+d3+d5+2(d2+d4+d6)."""
    digits = text[2:]
    total = weighted(digits, (1, 2, 1, 2, 1, 2))
    named = text[0] in "ABCDEFGHJKLMPRSTUX" and (text[1].isalpha() or text[1] == "9")
    return named and total % 10 == int(digits[6]) and varied(digits)


def us_mbi(text: str) -> bool:
    """CMS, Medicare beneficiary identifier: 11 places of fixed kinds; letters S, L, O, I, B and Z are not used."""
    if text[0] == "0" or any(c in "SLOIBZ" for c in text):
        return False
    return text[1].isalpha() and text[3].isdigit() and text[4].isalpha() and text[6].isdigit()


_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", map(int, "123456781234579234567890123456789"), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(text: str) -> bool:
    """ISO 3779: seventeen places, the last four digits. 49 CFR 565: in North America the ninth checks the others."""
    text = text.upper()
    if not (varied(text) and text[-4:].isdigit() and any(c.isalpha() for c in text)):
        return False
    total = sum(_VIN_VALUES[c] * weight for c, weight in zip(text, _VIN_WEIGHTS, strict=True))
    return text[0] not in "12345" or text[8] == "0123456789X"[total % 11]


def ca_sin(digits: str) -> bool:
    """Employment and Social Development Canada: Luhn; no number starts with 0 or 8."""
    return digits[0] not in "08" and varied(digits) and luhn(digits)


def mx_curp(text: str) -> bool:
    """RENAPO: four letters, birth date, H or M (or X), five letters, a homoclave; the last place checks the rest."""
    alphabet = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
    if text[10] not in "HMX" or not is_date(int(text[6:8]), int(text[8:10])):
        return False
    total = sum(alphabet.index(c) * (18 - place) for place, c in enumerate(text[:17]))
    return (10 - total % 10) % 10 == int(text[17])


# -- the United Kingdom and Ireland -----------------------------------------------------------------------------


def uk_nhs(digits: str) -> bool:
    """NHS Data Dictionary, NHS NUMBER: weights 10 to 2, modulo 11; a remainder that asks for 10 is never issued."""
    check = 11 - weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return varied(digits) and check % 11 == int(digits[9]) and check != 10


_UK_POST_AREAS = frozenset(
    (  # noqa: SIM905 - a hundred quotes would not help
        "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU"
        " GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE"
        " PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
    ).split()
)


def uk_postcode(text: str) -> bool:
    """Royal Mail, PAF: the area exists; the last two letters are none of C, I, K, M, O and V."""
    area = text[: 2 if text[1].isalpha() else 1]
    return area in _UK_POST_AREAS and not set(text[-2:]) & set("CIKMOV")


def uk_nino(text: str) -> bool:
    """HMRC, NIM39110: no D, F, I, Q, U, V first, nor O second; BG, GB, KN, NK, NT, TN and ZZ are never issued."""
    return (
        text[0] not in "DFIQUV"
        and text[1] not in "DFIQUVO"
        and text[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
        and text[8] in "ABCD"
    )


def ie_pps(text: str) -> bool:
    """Department of Social Protection: weights 8 to 2 (a ninth letter counts 9 times), modulo 23 names the letter."""
    total = weighted(text[:7], (8, 7, 6, 5, 4, 3, 2))
    if len(text) == 9 and text[8] != "W":
        total += (ord(text[8]) - 64) * 9
    return "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == text[7]


# -- the European continent -------------------------------------------------------------------------------------


def de_tax_id(digits: str) -> bool:
    """BZSt, IdNr: ISO 7064 MOD 11,10; among the first ten one digit stands twice or thrice, not in a row of three; no
    leading 0.
    """
    counts = sorted(digits[:10].count(d) for d in set(digits[:10]))
    if digits[0] == "0" or counts[-1] not in {2, 3} or (len(counts) > 1 and counts[-2] != 1):
        return False
    return mod_11_10(digits)


def _crosswise(digits: str, weights: tuple[int, ...]) -> int:
    """Digits times weights, the digits of each product added up."""
    return sum(sum(divmod(int(d) * w, 10)) for d, w in zip(digits, weights, strict=False))


def de_kvnr(text: str) -> bool:
    """GKV-Spitzenverband: the letter as two digits, weights 1 and 2, sums of digits modulo 10."""
    digits = f"{ord(text[0]) - 64:02}{text[1:]}"
    return varied(text[1:]) and _crosswise(digits[:10], (1, 2) * 5) % 10 == int(digits[10])


def de_rvnr(text: str) -> bool:
    """Deutsche Rentenversicherung: area, birth date, letter as two digits; weights 2 1 2 5 7 1 2 1 2 1 2 1, modulo 10."""
    digits = f"{text[:8]}{ord(text[8]) - 64:02}{text[9:]}"
    total = _crosswise(digits[:12], (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1))
    return is_date(int(text[4:6]), int(text[2:4]) % 50 or 1) and total % 10 == int(digits[12])


def at_svnr(digits: str) -> bool:
    """Dachverband der Sozialversicherungsträger: weights 3 7 9 0 5 8 4 2 1 6 modulo 11; a date ends it."""
    check = weighted(digits, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11
    return digits[0] != "0" and check == int(digits[3]) and is_date(min(int(digits[6:8]), 12), int(digits[4:6]))


def de_tax_id_check(digits: str) -> bool:
    """The check digit alone: numbers that people make up seldom keep the rule about digits that stand twice."""
    return varied(digits) and mod_11_10(digits)


def fr_nir(text: str) -> bool:
    """INSEE, NIR: sex, year, month, department (2A and 2B read as 19 and 18), the key is 97 minus the number modulo
    97.
    """
    number = text.replace("2A", "19", 1).replace("2B", "18", 1) if text[5:7] in {"2A", "2B"} else text
    month = int(number[3:5])
    if number[0] not in "123478" or not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):
        return False
    return 97 - int(number[:13]) % 97 == int(number[13:])


def es_dni(text: str) -> bool:
    """Real Decreto 1553/2005: the number modulo 23 names the letter."""
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(text[:8]) % 23] == text[8]


def es_nie(text: str) -> bool:
    """As the DNI, with X, Y and Z in front read as 0, 1 and 2."""
    return text[0] in "XYZ" and es_dni(str("XYZ".index(text[0])) + text[1:])


def it_codice_fiscale(text: str) -> bool:
    """Decreto ministeriale 23/12/1976: odd and even places have tables of their own, the sum modulo 26 names the last
    letter.
    """
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    if text[8] not in "ABCDEHLMPRST":
        return False
    values = [int(c) if c.isdigit() else ord(c) - 65 for c in text[:15]]
    total = sum(odd[v] for v in values[0::2]) + sum(values[1::2])
    return chr(65 + total % 26) == text[15]


def pl_pesel(digits: str) -> bool:
    """MSWiA, PESEL: weights 1, 3, 7, 9; the month carries the century in steps of 20."""
    total = weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1))
    return total % 10 == 0 and is_date(int(digits[2:4]) % 20, int(digits[4:6]))


def nl_bsn(digits: str) -> bool:
    """Rijksdienst voor Identiteitsgegevens, the eleven test: weights 9 to 2 and -1."""
    return varied(digits) and weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def be_national(digits: str) -> bool:
    """Rijksregister: 97 minus the first nine digits modulo 97; for births from 2000 on a 2 stands before them."""
    number, key = digits[:9], int(digits[9:])
    dated = is_date(int(digits[2:4]) % 20, int(digits[4:6])) or digits[2:6] == "0000"
    return dated and key in {97 - int(number) % 97, 97 - int("2" + number) % 97}


def ch_ahv(digits: str) -> bool:
    """ZAS, AHVN13: the country code 756 and an EAN-13 check digit."""
    return digits[:3] == "756" and weighted(digits, (1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1)) % 10 == 0


def se_personnummer(digits: str) -> bool:
    """Skatteverket: date, three digits, Luhn over the last ten; a coordination number adds 60 to the day."""
    short = digits[-10:]
    if len(digits) == 12 and digits[:2] not in {"18", "19", "20"}:
        return False
    return is_date(int(short[2:4]), int(short[4:6]) % 60) and luhn(short) and int(short[6:9]) > 0


def dk_cpr(digits: str) -> bool:
    """CPR-kontoret: a date opens it; the check digit was given up in 2007, so only the date can be wrong."""
    return is_date(int(digits[2:4]), int(digits[:2])) and varied(digits)


def no_fodselsnummer(digits: str) -> bool:
    """Skatteetaten: two check digits modulo 11; a D-number adds 40 to the day."""
    first = weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    return first == 0 and second == 0 and is_date(int(digits[2:4]), int(digits[:2]) % 40)


def fi_hetu(text: str) -> bool:
    """DVV: date, century sign (dropped here), three digits; the nine digits modulo 31 name the last character."""
    digits = text[:6] + text[-4:-1]
    if not digits.isdigit() or not is_date(int(text[2:4]), int(text[:2])):
        return False
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31] == text[-1] and int(text[-4:-1]) >= 2


def cz_rodne_cislo(digits: str) -> bool:
    """Zákon 133/2000 Sb.: ten digits divisible by 11; women's months add 50, overflow series 20."""
    month = int(digits[2:4]) % 50
    return int(digits) % 11 == 0 and is_date(month - 20 if month > 20 else month, int(digits[4:6]))


def ro_cnp(digits: str) -> bool:
    """OUG 97/2005: weights 279146358279 modulo 11, ten reads as 1; the county is 01 to 52, or 70 abroad."""
    if not (1 <= int(digits[7:9]) <= 52 or digits[7:9] == "70"):
        return False
    check = weighted(digits, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return (
        digits[0] != "0"
        and is_date(int(digits[3:5]), int(digits[5:7]))
        and (1 if check == 10 else check) == int(digits[12])
    )


def bg_egn(digits: str) -> bool:
    """GRAO: weights 2 4 8 5 10 9 7 3 6 modulo 11, ten reads as 0; the month carries the century."""
    check = weighted(digits, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10
    return is_date(int(digits[2:4]) % 20, int(digits[4:6])) and check == int(digits[9])


def hr_oib(digits: str) -> bool:
    """Porezna uprava: ISO 7064 MOD 11,10."""
    return varied(digits) and mod_11_10(digits)


def baltic_code(digits: str) -> bool:
    """Estonia EVS 585 and Lithuania: sex and century, date, weights 1 to 9 and 1 modulo 11, a second row where it is 10."""
    if digits[0] not in "12345678" or not is_date(int(digits[3:5]), int(digits[5:7])):
        return False
    check = weighted(digits, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = weighted(digits, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return check == int(digits[10])


def gr_amka(digits: str) -> bool:
    """IDIKA: birth date, sequence, Luhn."""
    return is_date(int(digits[2:4]), int(digits[:2])) and luhn(digits)


def pt_nif(digits: str) -> bool:
    """Autoridade Tributária: weights 9 to 2 modulo 11, a check of ten or eleven reads as 0."""
    check = 11 - weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return digits[0] in "1235689" and (0 if check >= 10 else check) == int(digits[8]) and varied(digits)


def tr_kimlik(digits: str) -> bool:
    """Nüfus ve Vatandaşlık İşleri: tenth digit from odd and even places, eleventh from the sum of ten; no leading 0."""
    d = [int(c) for c in digits]
    return d[0] != 0 and (7 * sum(d[0:9:2]) - sum(d[1:8:2])) % 10 == d[9] and sum(d[:10]) % 10 == d[10]


# -- Asia, Oceania, Africa, South America -----------------------------------------------------------------------


def in_aadhaar(digits: str) -> bool:
    """UIDAI: twelve digits, the first not 0 or 1, Verhoeff; no palindromes."""
    return digits[0] not in "01" and verhoeff(digits) and digits != digits[::-1]


def in_pan(text: str) -> bool:
    """Income Tax Department: the fourth letter names the kind of holder; the running number is not 0000."""
    return text[3] in "ABCFGHJLPT" and text[5:9] != "0000"


def sg_nric(text: str) -> bool:
    """ICA: weights 2765432, four more for T and G and three for M; the remainder names the letter, by series."""
    total = weighted(text[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(text[0], 0)
    series = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
    letters = series.get(text[0])
    if letters is None:
        return False
    return letters[10 - total % 11 if text[0] == "M" else total % 11] == text[8]


def kr_rrn(digits: str) -> bool:
    """MOIS: date, sex and century 1-8, modulo 11 over twelve digits. Numbers given since October 2020 end at random."""
    century = int(digits[6])
    if not 1 <= century <= 8 or not is_date(int(digits[2:4]), int(digits[4:6])):
        return False
    if century in {3, 4, 7, 8} and 20 <= int(digits[:2]) <= 39:
        return True
    total = weighted(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))
    return ((11 if century < 5 else 13) - total % 11) % 10 == int(digits[12])


def kr_rrn_random(digits: str) -> bool:
    """MOIS: date, sex and century 1-8, and no check digit."""
    return digits[6] in "12345678" and is_date(int(digits[2:4]), int(digits[4:6]))


def cn_resident(text: str) -> bool:
    """GB 11643-1999: region, birth date, ISO 7064 MOD 11-2 with X for ten."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    if (
        text[0] not in "12345678"
        or text[6:8] not in {"18", "19", "20"}
        or not is_date(int(text[10:12]), int(text[12:14]))
    ):
        return False
    return "10X98765432"[weighted(text[:17], weights) % 11] == text[17]


def jp_my_number(digits: str) -> bool:
    """Ministry of Internal Affairs, ordinance 85/2014: weights from the right 2-7, 2-6; remainders 0 and 1 give 0."""
    remainder = weighted(digits, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if remainder <= 1 else 11 - remainder) == int(digits[11]) and varied(digits)


def th_national(digits: str) -> bool:
    """Department of Provincial Administration: weights 13 to 2 modulo 11; no leading 0 or 9."""
    check = (11 - weighted(digits, (13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 10
    return digits[0] not in "09" and check == int(digits[12])


def il_identity(digits: str) -> bool:
    """Population and Immigration Authority: Luhn over nine digits from the left."""
    return varied(digits) and luhn(digits)


def au_tfn(digits: str) -> bool:
    """ATO: weights 1, 4, 3, 7, 5, 8, 6, 9, 10; the sum is a multiple of 11."""
    return varied(digits) and weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def au_medicare(digits: str) -> bool:
    """Services Australia: first digit 2 to 6, weights 1, 3, 7, 9 over eight digits give the ninth."""
    return digits[0] in "23456" and weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(digits[8])


def nz_ird(digits: str) -> bool:
    """Inland Revenue: weights 3, 2, 7, 6, 5, 4, 3, 2 modulo 11, with a second set where the first asks for ten."""
    number = digits.zfill(9)
    for weights in ((3, 2, 7, 6, 5, 4, 3, 2), (7, 4, 3, 2, 5, 2, 7, 6)):
        check = -weighted(number, weights) % 11
        if check < 10:
            return check == int(number[8]) and 10_000_000 < int(number) < 150_000_000
    return False


def za_identity(digits: str) -> bool:
    """Department of Home Affairs: birth date, sequence, citizenship 0 to 2, Luhn."""
    return is_date(int(digits[2:4]), int(digits[4:6])) and digits[10] in "012" and luhn(digits)


def hk_identity(text: str) -> bool:
    """Immigration Department: one or two letters, six digits, a check digit modulo 11, A for ten."""
    letters = text[:-7].rjust(2)
    values = [36 if c == " " else ord(c) - 55 for c in letters] + [int(d) for d in text[-7:-1]]
    total = sum(v * w for v, w in zip(values, (9, 8, 7, 6, 5, 4, 3, 2), strict=True)) + int(text[-1], 16)
    return text[-1] in "0123456789A" and total % 11 == 0


def tw_identity(text: str) -> bool:
    """Ministry of the Interior: the letter names a place as two digits; weights 1 9 8 7 6 5 4 3 2 1 1, modulo 10."""
    place = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0]) + 10
    total = weighted(f"{place}{text[1:]}", (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1))
    return text[1] in "1289" and total % 10 == 0


def my_nric(digits: str) -> bool:
    """JPN: birth date, place of birth 01 to 59, 71, 72, 74 to 79 or 82 to 99, sequence."""
    place = int(digits[6:8])
    known = 1 <= place <= 59 or place in {71, 72} or 74 <= place <= 79 or place >= 82
    return is_date(int(digits[2:4]), int(digits[4:6])) and known


def ar_cuit(digits: str) -> bool:
    """AFIP: kind of taxpayer, weights 5 4 3 2 7 6 5 4 3 2 modulo 11."""
    check = -weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return digits[:2] in {"20", "23", "24", "27", "30", "33", "34"} and check == int(digits[10])


def uk_driving(text: str) -> bool:
    """DVLA: surname, decade, month (women: 50 more), day, year, initials."""
    return is_date(int(text[6:8]) % 50, int(text[8:10]))


def br_cpf(digits: str) -> bool:
    """Receita Federal: two check digits, weights 10 to 2 and 11 to 2, modulo 11."""
    first = weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2)) * 10 % 11 % 10
    second = weighted(digits, (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) * 10 % 11 % 10
    return varied(digits) and [first, second] == [int(digits[9]), int(digits[10])]


def cl_rut(text: str) -> bool:
    """Registro Civil: weights 2 to 7 from the right, modulo 11, K for ten."""
    total = sum(int(d) * (2 + place % 6) for place, d in enumerate(reversed(text[:-1])))
    return "0K987654321"[total % 11] == text[-1] and varied(text[:-1])
