"""Words that carry no topic, by language: they do not count when it is asked how much of a query a library knows.

Function words only (articles, pronouns, prepositions, conjunctions, auxiliaries, question words), folded as
`index.fold.bare` folds. They stay in the index: an exact phrase needs them.
"""

_LISTS = {
    "en": """a about above after again all also am an and any are as at be because been before being below between both
        but by can cannot could did do does doing done down during each else ever every few for from further get had has
        have having he her here hers him his how however i if in into is isn it its itself just let many may me might
        more most much must my no nor not of off on once one only or other others our out over own said same say says
        shall she should so some such than that the their them then there these they this those through to too under
        until up upon us very was we were what when where whether which while who whom whose why will with within
        without would yet you your""",
    "fr": """a afin ai aie aient ainsi alors apres as au aucun aucune aussi autre autres aux avait avant avec avoir c ce
        ceci cela celle celles celui ces cet cette ceux chaque chez comme comment d dans de depuis des dont donc du elle
        elles en encore entre es est et etaient etait etant ete etre eu eux fait font il ils j je l la laquelle le
        lequel les lesquelles lesquels leur leurs lors lui m ma mais me meme memes mes moins mon n ne ni nos notre nous
        on ont ou par parce pas peu peut peuvent plus plusieurs pour pourquoi puis qu quand que quel quelle quelles
        quels qui quoi s sa sans se sera ses si soit son sont sous sur t ta te tous tout toute toutes tres tu un une
        vers via vos votre vous y""",
    "es": """a al algo alguna algunas alguno algunos ante antes asi aun aunque cada como con contra cual cuales cuando
        cuanto cuantos de deben debe del desde donde dos durante e el ella ellas ellos en entre era eran es esa esas ese
        eso esos esta estaba estan estar estas este esto estos fue fueron ha haber habia han hasta hay la las le les lo
        los mas me mediante mi mientras muy nada ni no nos nosotros o otra otras otro otros para pero poco por porque
        pueda pueden puede que quien quienes se sea sean segun ser si sin sino sobre son su sus tal tambien tan tanto
        tiene tienen todo todos toda todas tras tu u un una unas uno unos y ya yo""",
    "de": """aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bis da damit
        dann das dass dein dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine
        einem einen einer eines er es etwas fur gegen gibt hat hatte hatten haben hier ich ihm ihn ihnen ihr ihre ihren
        ihrer im in ins ist ja jede jedem jeden jeder jedes kann kein keine keinen konnen man mehr mein mit muss mussen
        nach nicht noch nun nur ob oder ohne sehr sein seine seinen seiner seit sich sie sind so soll sollen sowie uber
        um und uns unser unter vom von vor wann war waren warum was weil welche welchem welchen welcher welches wenn wer
        werden wie wieder wir wird wo wurde wurden zu zum zur zwischen""",
    "pt": """a ao aos as ate com como da das de dela dele delas deles do dos e ela elas ele eles em entre era essa esse
        esta estao este eu foi foram ha isso isto ja lhe mais mas me mesmo muito na nas nao nem no nos nossa nosso num
        numa o os ou para pela pelas pelo pelos por porque qual quais quando que quem se sem ser seu seus sobre sua suas
        sao tambem tem um uma umas uns voce""",
    "it": """a ai al alla alle allo anche che chi ci come con cosa da dal dalla dalle degli dei del della delle dello di
        dove e ed essere gli ha hanno i il in io la le lo loro ma mi nei nel nella nelle no noi non nostro o per perche
        piu puo quale quali quando quanto quello questa queste questi questo se si sia sono su sua sue sui sul sulla suo
        tra tutti un una uno vi voi""",
    "ru": """а без был была были было быть в вам вас весь во вот все всех вы где да для до его ее если есть еще же за
        здесь и из или им их к как какие какои какая кем когда кого кто ли между меня мне мы на над надо нас не него нее
        нет ни них но о об однако он она они оно от по под после при с со также так такои там то того тоже только том ты
        у уже чего чем что чтобы эта эти это этого этои этом этот я""",
    "ar": """ا اذا الا التي الذي الذين الى ام ان او اي اين بعد بل بين تحت تلك ثم حتى حول حيث خلال ذلك عن عند على غير
        فان في فيه فيها قبل قد كان كانت كل كما كم كيف لا لان لكن لم لماذا لن له لها ليس ما ماذا متى مثل مع من منذ منه
        منها نحن هذا هذه هل هم هو هي هناك و وفي ولا وما ومن وهو وهي يكون""",
}
STOP_WORDS: dict[str, frozenset[str]] = {language: frozenset(words.split()) for language, words in _LISTS.items()}


def is_stop_word(word: str) -> bool:
    """Whether a folded word carries no topic in any of the languages; a single letter never does."""
    return (len(word) == 1 and not word.isdigit() and word.isascii()) or any(
        word in words for words in STOP_WORDS.values()
    )


def guess_language(words: list[str]) -> str | None:
    """The language whose function words stand most in the query; None where that does not decide."""
    counts = sorted(
        ((sum(word in stop for word in words), language) for language, stop in STOP_WORDS.items()), reverse=True
    )
    (most, language), (next_most, _) = counts[0], counts[1]
    return language if most > next_most else None
