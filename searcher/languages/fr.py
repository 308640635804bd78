"""French."""

from searcher.languages import Language

LANGUAGE = Language(
    name="French",
    name_in={"fr": "français"},
    stemmer="french",
    function_words=frozenset(
        """
        a à afin ai aie aient ainsi ait alors après as assez au aucun aucune aujourd'hui auquel aura aurait auront aussi
        autant autour autre autres aux auxquelles auxquels avaient avais avait avant avec avez avoir avons ayant
        beaucoup bien c car ce ceci cela celle celles celui cependant certain certaine certaines certains ces cet
        cette ceux chacun chacune chaque chez ci combien comme comment contre d dans de debout dedans dehors déjà delà
        depuis derrière des dès desquelles desquels dessous dessus deux devant doit doivent donc dont du duquel durant
        elle elles en encore enfin entre envers es est et étaient étais était étant été êtes être eu eurent eut eux
        fait font furent fut grâce hors ici il ils j je jusqu jusque l la là laquelle le lequel les lesquelles
        lesquels leur leurs lors lorsqu lorsque lui m ma mais malgré me même mêmes mes mieux moi moins mon n ne ni non
        nos notre nôtre nôtres nous on ont or ou où outre par parce parfois parmi pas pendant peu peut peuvent plus
        plusieurs plutôt pour pourquoi pourtant près presque puis puisqu puisque qu quand quant que quel quelle
        quelles quelqu'un quelque quelques quels qui quoi quoiqu quoique rien s sa sans se selon sera serait seront
        ses seul seule seulement si sien sienne sinon soi soient sois soit sommes son sont sous soyez suis sur surtout
        t ta tandis tant te tel telle telles tels tes toi ton toujours tous tout toute toutefois toutes très trop tu
        un une va vais vers voici voilà vont vos votre vôtre vôtres vous y
        """.split()
    ),
    letters="àâäæçéèêëîïôöœùûüÿ",
    elisions=frozenset({"c", "d", "j", "jusqu", "l", "lorsqu", "m", "n", "puisqu", "qu", "quoiqu", "s", "t", "ç"}),
    whole_words=frozenset(
        {
            *("aujourd'hui", "entr'acte", "entr'actes", "grand'mère", "grand'mères", "presqu'île", "presqu'îles"),
            *("prud'homal", "prud'homale", "prud'homales", "prud'homaux", "prud'homie", "prud'homme", "prud'hommes"),
            *("quelqu'un", "quelqu'une"),
        }
    ),
    enclitics=frozenset({"ci", "là", "t-elle", "t-elles", "t-il", "t-ils", "t-on"}),
    decimal_mark=",",
    abbreviations=frozenset(
        """
        adj al apr art av bd boul c.-à-d cf ch chap coll dr éd env etc ex fig gén hab inc janv févr avr juil sept oct
        nov déc l.-col lt m mgr mm mme mlle n no nos p par pp pr prof réf rép sec st ste suiv t tél trad v vol
        """.split()
    ),
    headword_beginnings=frozenset({"l'", "la", "le", "les", "s'", "se"}),
    keyboard=("azertyuiop", "qsdfghjklm", "wxcvbn"),
)
