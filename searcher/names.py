"""Names: which spellings in Latin letters are of the same name?

Each press writes names from other scripts by the sounds of its own language: Khrouchtchev is Khrushchev, Loukachenko is
Lukashenko. A key is the sounds of a name, a capital for each that is written with several letters; words with a key in
common are spellings of one name. A word has several keys where its letters are several sounds: `ch` is that of Chirac
to the French and that of Churchill to the English, `j` that of Jacques or that of Jack.

Loose rules are for words with a Slavic ending, careful ones for other words, none for those that end like an English or
French word: cousin and coussin, west and vest, Pauline and Paulin are no spellings of each other.
"""

from __future__ import annotations

import re

from searcher.words import fold

MIN_LENGTH = 4
"""Letters; shorter names have too many neighbours."""

SLAVIC_ENDINGS = (
    *"ov ova ovna off ev eva evna eff".split(),  # Ivanov, Ivanova, Petrovna, Rachmaninoff
    *"sky ski skiy skyi skyy skii skij skaya skaia skaja skoy skoi".split(),
    *"enko enka chuk chouk shuk lich litch mich mitch nich nitch yich".split(),
    *(f"{stem}{ending}" for stem in ("ovi", "evi", "ovy", "evy") for ending in ("c", "ch", "tch", "cz", "tsch")),
)
"""Endings that words of English and French have by chance only; what precedes them is compared by its sounds alone."""

ORDINARY_ENDINGS = (
    *"e es ed ee el er et ez on ien eu eux eur eurs aux eau eaux oux ous oir rir uir out ot".split(),
    *"nd rd st lt nt rt ing ght ck th ll ch sh ys".split(),
    *(f"{consonant}s" for consonant in "bcdfghklmnpqrstvwxz"),
)
"""Endings of English and French words, and of names that everybody spells alike."""

FOREIGN_ENDINGS = ("dze", "eed", "rion", "kent", "ech", "esh")
"""Names that end so are foreign for all that: Shevardnadze, Rasheed, Gurion, Tashkent, Marrakech."""

SLAVIC_INE = re.compile(
    r"(?:(?:kh|tch|ts|ou|.j|^[iy]a).*(?<=[^aeiou])|k|.ch|gu|[^aeiou][iy]a[blnptr])[iy]ne$"  # Poutine, Zamiatine
)
"""French -ine for -in, told from the feminine of Martin and voisin by what precedes it."""

PLAIN_SLAVIC_INE = frozenset(
    "apraxine archavine bilibine borodine chabaline chargine chonine essenine fedine fomine fonvizine "
    "gagarine kalinine karamzine karenine larine lenine levine malinine minine nikitine panine "
    "pelevine peteline potanine prilepine repine rogozine safine samarine staline stolypine tatline "
    "volodine voronine zinine zorine".split()
)
"""Names in -ine that nothing tells from Pauline."""

LOOKALIKES = frozenset(
    "beguine below benjamine boudine cousine elbow limousine machine mouline poussine routine sanguine sherry "
    "tambourine toulousine".split()
)
"""Words of English and French that look like a spelling of some name: Belov, Cherry, Tambourin."""

IRREGULAR = (
    "gaddafi gadafi gadhafi kadafi kadhafi kaddafi khadafi qadafi qadhafi qaddafi",
    "mohammed mohamed mohammad mohamad muhammad muhammed mouhamed mouhammad",
    "hussein hussain houssein husayn husein hossein",
    "osama oussama ousama usama",
)
"""Names with more spellings than rules tell, one a line."""

_LETTERS = str.maketrans(
    {"'": ""} | {chr(code): fold(chr(code)) for codes in ((0xDF, 0x250), (0x1E00, 0x1F00)) for code in range(*codes)}
)
"""Latin letters without accents; the apostrophe is a soft sign."""

_IRREGULAR_KEYS = {spelling: frozenset({line.split()[0]}) for line in IRREGULAR for spelling in line.split()}
_NONE: frozenset[str] = frozenset()


def _read_table(table: str) -> dict[str, str]:
    return {spelling: sound for spelling, _, sound in (entry.partition("=") for entry in table.split())}


_CH, _J = "X", "Y"
"""Stand for the letters that are read in several ways, until they are."""

_SOUNDS = _read_table(
    f"ch={_CH} tch=C ttch=C tsch=C sh=S sch=S j={_J} zh=Z dj=J dzh=J kh=k h=k q=k gh=g gu=g dh=d ph=f x=ks tz=ts ss=s "
    "ou=u oou=u oo=u ee=i ie=e ah=a w=u ow=ov ew=ev"
)
_SLAVIC_SOUNDS = _SOUNDS | _read_table("io=e ij=i o=e w=v ff=v c=C cz=C")

# Each alternative begins with a letter: only then does the search skip letters that begin none.
_ANYWHERE = r"ttch|tch|tsch|tz|sch|sh|ch|zh|dzh|dj|dh|kh|ph|gh(?<!ugh)|gu(?=[ei])|q(?!u)|x|oou|ou|j|h(?<!.h)(?=r)"
_SPELLING = re.compile(
    rf"{_ANYWHERE}|ss(?<=[aeiou]ss)(?=[aeiou])(?!in$)|ie(?<!.ie)(?=[^aiu])|w(?<!.w)(?=[ai])|ow$|ew$|ah$"
    r"|(?:oo(?=[dkmnqr]$)|ee(?=[dmr]$))(?:(?<=[aeiou]...)|(?<=[aeiou]....))"
)
_SLAVIC_SPELLING = re.compile(rf"ij$|{_ANYWHERE}|ie|io(?!u)|o(?:(?<=[csz]ho)|(?<=jo))(?=v|ff)|ff$|w|cz$|c$")
_DOUBLED = re.compile(r"(.)\1")
_HARD_CH = re.compile(f"{_CH}(?=[lmnrv])")
_FRENCH = re.compile("ou|tch|dj")
_ENGLISH = re.compile("sh|zh|(?<![aegoq])u")


def name_keys(word: str) -> frozenset[str]:
    """Return the keys of a normalised word, none where it can't be a name that others spell differently.

    >>> name_keys("loukachenko") & name_keys("lukashenko")
    frozenset({'lukaSenko'})
    """
    letters = word.translate(_LETTERS)
    if len(letters) < MIN_LENGTH or word[1:2] == "'" or not (letters.isascii() and letters.isalpha()):
        return _NONE
    if letters in _IRREGULAR_KEYS:
        return _IRREGULAR_KEYS[letters]
    if letters in LOOKALIKES:
        return _NONE
    if letters.endswith(SLAVIC_ENDINGS):
        return _read(_DOUBLED.sub(r"\1", _SLAVIC_SPELLING.sub(_slavic_sound, _write_i(letters))), letters)
    if letters.endswith("ne") and (letters in PLAIN_SLAVIC_INE or SLAVIC_INE.search(letters)):
        letters = letters[:-1].replace("ss", "s")
    elif letters.endswith(ORDINARY_ENDINGS) and not letters.endswith(FOREIGN_ENDINGS):
        return _NONE
    return _read(_SPELLING.sub(_sound, _write_i(letters)), letters)


def _write_i(letters: str) -> str:
    return letters.replace("y", "i").replace("ii", "i")


def _sound(spelling: re.Match[str]) -> str:
    return _SOUNDS[spelling[0]]


def _slavic_sound(spelling: re.Match[str]) -> str:
    return _SLAVIC_SOUNDS[spelling[0]]


def _read(sounds: str, letters: str) -> frozenset[str]:
    """Return the sounds of letters as whoever may have written them reads them.

    Whoever writes ou for the vowel of Putin reads ch as the French do, whoever writes u as the English do; to the
    Germans ch before a consonant is kh. Three sounds are too few to be read in several ways: chip is not ship.
    """
    readings = [sounds]
    if _CH in sounds:
        is_french, is_english = _FRENCH.search(letters) is not None, _ENGLISH.search(letters) is not None
        if len(sounds) <= 3 or (is_english and not is_french):
            readings = [sounds.replace(_CH, "C")]
        elif is_french and not is_english:
            readings = [sounds.replace(_CH, "S")]
        else:
            readings = [sounds.replace(_CH, "C"), sounds.replace(_CH, "S"), _HARD_CH.sub("k", sounds).replace(_CH, "S")]
    if _J not in sounds:
        return frozenset(readings)
    return frozenset(reading.replace(_J, sound) for reading in readings for sound in "JZ")
