"""Made-up people: given and family names that are real enough to read, and rare enough not to meet in a text.

None is a word of its language, and none belongs to somebody whom everybody knows. Written for this project.
"""


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split())


GIVEN = _listed(
    """
    Adelind Aldith Alrik Amalie Ansgar Ardith Arvid Aurelie Avelina Bastian Beatrix Benedek Berit Bertil Birgitta
    Brunhild Casimir Clarinda Corvin Cosima Dagmar Davina Delphine Dieter Dorothea Edda Edmund Egon Eilidh Elspeth
    Emerick Enrica Ewald Fabiola Fenna Ferdinand Folke Frieda Gareth Gerlinde Gisela Gunnar Gwenda Hadrian Halvard
    Hedda Helmut Henrike Hilda Honora Ilona Imogen Ingeborg Isolde Ivar Jadwiga Jannik Joris Jutta Kasimir Katinka
    Kerstin Konrad Leander Leopold Lieselotte Linnea Lorcan Ludmila Lysander Maarten Magnhild Malwina Mathilda
    Meinhard Merete Morwenna Nadja Niamh Nicolina Norbert Odalys Ortrud Oswin Ottilie Pernille Philippa Quentin
    Radek Ragnhild Reinhold Romilda Rosalind Rupert Sander Saskia Seraphine Sigrid Solveig Sunniva Sylvain Tamsin
    Thaddeus Thekla Theodora Tibor Torsten Ulrike Umberto Valeska Verena Vilmos Waldemar Wendelin Wilhelmine
    Winifred Xaver Yorick Yvette Zdenka Zoltan
    """
)
FAMILY = _listed(
    """
    Abernethy Achterberg Adlercrantz Almquist Ambrosini Anstruther Arkwright Aubertin Balderston Barraclough
    Baumgarten Bellweather Bergstroem Bielawski Birtwistle Blumenthal Boscawen Brandvold Breckenridge Brinkerhoff
    Brockelmann Buxtehude Calloway Carmody Castellani Cholmeley Claverhouse Copperthwaite Cranshaw Culpepper
    Dahlgren Dalrymple Deveraux Dinwiddie Drummelhaus Dunleavy Eberhart Ecclestone Eichelberger Ellingham Engstrand
    Entwistle Etherington Falkenrath Fairweather Featherston Fenwick Fitzalan Fothergill Frobisher Galbraith
    Gansevoort Gilchrist Glendower Gorringe Greenhalgh Gundersen Haldorsen Hammarlund Harkness Hathersage
    Hawthornden Heidenreich Hollingworth Holmquist Huxtable Ingersoll Inverarity Jagiello Jocelyn Kaczmarek
    Kettlewell Kilbride Kinnaird Klingenberg Kronenwetter Lachlan Lambrecht Langstaff Lethbridge Liebermann
    Lindqvist Llewellyn Lonsdale Macalister Magnussen Mainwaring Marchbanks Mauleverer Micklethwaite Montcrieff
    Mortensen Musgrave Nethercott Niedermeyer Nordstrand Oglethorpe Oldershaw Osterhagen Ottenburg Pemberton
    Penhaligon Petrosino Pilkington Ponsonby Quackenbos Quillinan Rademaker Rasmussen Ravenhill Rechnitz Rutherglen
    Sachsenheim Satterthwaite Schimmelpfennig Seabrooke Selwyn Silverstolpe Skeffington Somerville Stackhouse
    Steinhauer Strathmore Sunderhaus Swanwick Tattersall Thistleton Thorvaldsen Throckmorton Tunnicliffe Vandermeer
    Vavasour Verschuren Wadsworth Wainscott Waldegrave Wallerstein Weatherby Westergaard Whittingham Willoughby
    Winterbourne Wolstenholme Wrigglesworth Yarborough Zabriskie Zimmerwald
    """
)
GIVEN_CYRILLIC = _listed(
    """
    Агафья Агния Аким Алевтина Анисим Аристарх Варлам Василиса Викентий Владлен Гавриил Глафира Гордей Демьян
    Евдокия Евграф Елизар Емельян Ефросинья Зинаида Зосима Игнатий Иларион Ипполит Капитолина Касьян Клавдия Кузьма
    Лаврентий Лукерья Макар Меланья Митрофан Модест Назар Никанор Остап Пелагея Прасковья Прохор Савелий Серафима
    Степанида Таисия Тарас Терентий Трофим Устинья Фаина Федосья Феофан Харитон Эмилия Юлиан
    """
)
FAMILY_CYRILLIC = _listed(
    """
    Абрикосенко Белозерчук Варфоломеенко Верещагенко Гореславец Дробышенко Елизаренко Жемчугенко Забродиненко
    Звягинчук Изволенко Калиткенко Коростыленко Лебеденчук Любимчук Малахитенко Мирославец Неверовчук Оболенчук
    Остроуменко Перевозчук Полуянчук Радонежец Сабуренко Световидчук Тихомирец Трубачек Ушаковец Филатчук
    Хворостенко Царицынец Черемухин Шаховчук Щербатенко Яблоновец Ярославчук
    """
)
