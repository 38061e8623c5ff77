"""Words of postal addresses: kinds of street in the languages that number their houses, units, states, countries.

Lower case, UTF-8. English kinds are those of USPS Publication 28, appendix C1, with their plurals; state codes are
those of USPS, Canada Post and Australia Post.
"""

# ruff: noqa: E501 - lists of words read better in few lines


def _words(text: str) -> frozenset[bytes]:
    return frozenset(text.encode().split())


def _phrases(text: str) -> frozenset[bytes]:
    return frozenset(phrase.strip().encode() for phrase in text.split(","))


STREETS = _words(
    "way place walk row grove gardens street streets str st avenue avenues ave av boulevard blvd road roads rd lane ln drive drives dr court courts ct terrace ter"
    " parkway parkways pkwy highway hwy crescent cres close square squares sq trail trl broadway expressway expy freeway"
    " fwy turnpike tpke causeway alley aly circle cir mews throughway thruway bypass crossing esplanade promenade"
    " stravenue underpass overpass motorway alleyway circles marg salai nagar chowk jalan lorong soi"
)
"""Kinds that are hardly anything else between a number and the end of a line."""
COMMON_STREETS = _words(
    "curve triangle course line ways pl plaza walks view views hill hills park parks gate gateway green groves garden rise"
    " loop run pass passage path pike route bend cove coves ridge ridges glen meadow meadows point points landing station"
    " junction junctions island islands isle forge forges field fields ford fords fork forks vista village villages valley valleys"
    " well wells trace track tunnel spur spurs spring springs shore shores shoal shoals ramp ranch rapid rapids rest port ports"
    " plain plains pine pines orchard oval mount mountain mountains mission mill mills manor manors mall lodge lock"
    " locks light lights lake lakes knoll knolls key keys hollow heights haven harbor harbors harbour extension extensions"
    " estate estates divide dale dam crest crossroad corner corners common commons club cliff cliffs center centers centre cape"
    " canyon camp burg burgs brook brooks branch bridge bottom bluff bluffs beach bayou arcade annex inlet flat flats falls fall"
    " ferry fort freeway stream summit union unions viaduct ville prairie radial parade quay end wharf"
    " wynd yard broadway strand"
)
"""Kinds that are common words as well: they count where more says that it is an address."""
LEADING = _words(
    "av avda travesera pasaje glorieta cuesta ca\u00f1ada vial ronda traves\u00eda contrada rotonda borgo localit\u00e0 \u0219oseaua soseaua intrarea"
    " drumul aleea splaiul quadra ladeira rodovia parque jardim rue r\u00faa avenue boulevard place chemin impasse all\u00e9e quai cours route calle avenida avda paseo carrer camino cami\u00f1o via"
    " viale piazza piazzale corso vicolo strada largo rua travessa pra\u00e7a estrada alameda ul ulica aleja al aleje os osiedle plac"
    " pl strada bulevardul calea c/ \u0443\u043b \u0443\u043b\u0438\u0446\u0430 \u043f\u0440\u043e\u0441\u043f\u0435\u043a\u0442 \u03bf\u03b4\u03cc\u03c2 jalan jl lorong cesta"
)
"""Kinds that stand before the name."""
FOLLOWING = _words(
    "utca u rkp tee puiestee mnt kalea \u00fat \u00fatja t\u00e9r tere k\u00f6z ulica cesta n\u00e1m\u011bst\u00ed nam. t\u0159\u00edda trg strasse stra\u00dfe str platz gasse allee weg ring ufer damm steig"
    " straat laan plein gracht kade weg vej gade all\u00e9 plads gata gatan v\u00e4gen vei veien veg gate katu tie kuja polku caddesi"
    " cad sokak sok bulvar\u0131 mahallesi"
)
"""Kinds behind the name, the number behind them."""
ENDINGS = tuple(
    (
        "stra\u00dfe strasse str. gasse allee platz weg damm ufer steig straat laan plein gracht kade dreef singel dijk vej gade gatan"
        " v\u00e4gen veien vegen gata gaten vangen katu kuja polku tie utca ulica"
        " stien bakken svingen kroken stigen backen torget gr\u00e4nd vegur str\u00e6ti braut v\u00e6nge parken plass plassen skogen haugen tunet steeg bulevardi str\u00e6de str\u00e6det all\u00e9en all\u00e9n straeti all\u00e9 boulevard"
    )
    .encode()
    .split()
)
"""Kinds that are the end of one word: Hauptstraße, Prinsengracht, Storgatan."""
CONNECTORS = _words(
    "de la le les du des del della delle dei di da do dos das las los el y e of the van von der den dem zur zum am an im ten op 't"
    " u v och og saint st. st d' l' na nad pod sur sous en et i a af und and"
)
DIRECTIONS = _words("n s e w ne nw se sw n. s. e. w. n.e. n.w. s.e. s.w. north south east west")
UNITS = _words(
    "studio appartamento puerta huis wohnung whg wg tower t\u00fcr etg apto interno int. apt apt. apartment suite ste ste. unit floor fl fl. flat room rm rm. # piso puerta lok. lok etage appt app. building bldg. bldg"
)
STATES = _words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN"
    " TX UT VT VA WA WV WI WY DC PR GU VI AS MP AB BC MB NB NL NS NT NU ON PE QC SK YT NSW QLD VIC TAS ACT SA WA AA AE AP"
)
COUNTRIES = _phrases(
    "afghanistan, albania, algeria, andorra, angola, argentina, armenia, australia, austria, azerbaijan, bahamas, bahrain, bangladesh,"
    "barbados, belarus, belgium, belize, benin, bhutan, bolivia, bosnia, botswana, brazil, brasil, brunei, bulgaria, burkina faso,"
    "burundi, cambodia, cameroon, canada, cape verde, chad, chile, china, colombia, comoros, congo, costa rica, croatia, cuba, cyprus,"
    "czech republic, czechia, denmark, danmark, djibouti, dominica, ecuador, egypt, el salvador, eritrea, estonia, eswatini, ethiopia,"
    "fiji, finland, suomi, france, gabon, gambia, georgia, germany, deutschland, ghana, greece, greenland, grenada, guatemala, guinea,"
    "guyana, haiti, honduras, hong kong, hungary, iceland, india, indonesia, iran, iraq, ireland, israel, italy, italia, jamaica, japan,"
    "jordan, kazakhstan, kenya, kiribati, korea, kosovo, kuwait, kyrgyzstan, laos, latvia, lebanon, lesotho, liberia, libya,"
    "liechtenstein, lithuania, luxembourg, madagascar, malawi, malaysia, maldives, mali, malta, mauritania, mauritius, mexico,"
    "m\u00e9xico, micronesia, moldova, monaco, mongolia, montenegro, morocco, mozambique, myanmar, namibia, nauru, nepal, netherlands,"
    "nederland, new zealand, nicaragua, niger, nigeria, norway, norge, oman, pakistan, palau, panama, papua new guinea, paraguay, peru,"
    "philippines, poland, polska, portugal, qatar, romania, russia, rwanda, samoa, san marino, saudi arabia, senegal, serbia, seychelles,"
    "sierra leone, singapore, slovakia, slovenia, somalia, south africa, south sudan, spain, espa\u00f1a, sri lanka, sudan, suriname,"
    "swaziland, sweden, sverige, switzerland, schweiz, suisse, syria, taiwan, tajikistan, tanzania, thailand, togo, tonga, tunisia,"
    "turkey, t\u00fcrkiye, turkmenistan, tuvalu, uganda, ukraine, united arab emirates, united kingdom, united states, uk, usa, u.s.a.,"
    "u.k., uruguay, uzbekistan, vanuatu, venezuela, vietnam, yemen, zambia, zimbabwe, england, scotland, wales, northern ireland,"
    "\u00f6sterreich, belgi\u00eb, belgique, puerto rico, antigua and barbuda, east timor, united states of america, ivory coast,"
    "democratic republic of the congo, republic of ireland, dominican republic, north macedonia, solomon islands, marshall islands"
)
PROSE = _words(
    "a about above after all also an and any are as at be been before but by can could did do does during each every few for from get"
    " had has have he her here his how i if in into is it its just last less like made make many may me minutes more most much my near"
    " new next no not now off on one only or our out over people per said same seconds she should since so some such than that"
    " their them then there these they this those through times to too under until up us was we were what when where which while who"
    " will with would years year days day hours hour miles mile km kilometers metres meters percent things kids cars dollars euros"
    " different other down along across around via walk drive run way busy quiet"
)
"""Words that no street is called by: where one of them stands in lower case, it is a sentence."""

NO_STREETS = _words(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
    " monday tuesday wednesday thursday friday saturday sunday am pm a.m p.m gmt utc est pst cet section chapter figure fig table page"
    " pages version build step item items article volume vol part issue ticket bug pr rfc iso windows python java line lines error errors"
    " percent usd eur gbp mb gb kb kg mg ml mhz ghz"
)
"""Words behind a number that make it a date, a quantity or a reference, capitalised or not."""
