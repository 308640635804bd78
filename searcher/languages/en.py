"""English."""

from searcher.languages import Language

LANGUAGE = Language(
    name="English",
    name_in={"fr": "anglais"},
    stemmer="english",
    function_words=frozenset(
        """
        a about above across after again against all almost along already also although always am among an and another
        any anyone anything are around as at away back be became because become been before behind being below between
        beyond both but by came can cannot come could did do does doing done down during each either else enough even
        ever every everyone everything few for from further get gets got had has have having he her here hers herself
        him himself his how however i if in into is it its itself just least less let like made make many may me might
        mine more most much must my myself neither never no nobody none nor not nothing now of off often on once one
        only onto or other others our ours ourselves out over own per perhaps quite rather really same several shall
        she should since so some someone something soon still such than that the their theirs them themselves then
        there therefore these they this those though through throughout thus to together too toward towards under
        unless until up upon us very was we well were what whatever when where whether which while who whole whom
        whose why will with within without would yet you your yours yourself yourselves ain't aren't can't couldn't
        didn't doesn't don't hadn't hasn't haven't he'd he'll i'd i'll i'm i've isn't mustn't she'd she'll shouldn't
        that'll they'd they'll they're they've wasn't we'd we'll we're we've weren't won't wouldn't you'd you'll
        you're you've
        """.split()
    ),
    possessive_endings=frozenset({"s"}),
    contracted_endings=frozenset({"d", "ll", "m", "re", "t", "ve"}),
    decimal_mark=".",
    abbreviations=frozenset(
        """
        adm approx art assn ave bros ca capt cf ch cmdr co col corp dept dr ed eds e.g eq est etc ex ext fig figs gen
        gov govt hon i.e inc jan feb mar apr aug sept oct nov dec jr ltd lt maj messrs mr mrs ms mt no nos op p par pp
        pres prof rep rev sec sen sgt sr st vol vols vs viz
        """.split()
    ),
    headword_beginnings=frozenset({"the", "to"}),
    keyboard=("qwertyuiop", "asdfghjkl", "zxcvbnm"),
)
