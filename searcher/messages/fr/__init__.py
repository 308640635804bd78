"""French: the words of the command and of the library.

The spaces before punctuation are written as ordinary ones here; `typeset` makes them those of French typography.
"""

from __future__ import annotations

import re

SIGNS = {",": "\u202f", ".": ",", "%": "\u202f%"}
"""What numbers are written with instead of the English signs."""

_THIN = re.compile(r"(?<=\S)[ \u202f]?(?=[;?!](?:[\s)»]|$))")
_FULL = re.compile(r" (?=:(?:\s|$)|»)|(?<=«) |(?<=\}) (?=(?:octets|ko|Mo|Go)\b)")


def typeset(text: str) -> str:
    r"""Return a text with no-break spaces before high punctuation, inside quotation marks and before units.

    >>> typeset("Essayer « canada » : {size} ko ?")
    'Essayer «\xa0canada\xa0»\xa0: {size}\xa0ko\u202f?'
    """
    return _FULL.sub("\xa0", _THIN.sub("\u202f", text))


MESSAGES: dict[str, str | tuple[str, str]] = {
    # The command: what it is and does.
    "Find things in English and French texts.": "Chercher dans des textes français et anglais.",
    "Results go to standard output, everything else to standard error. Exit code 0: hits or done, 1: no hits, "
    "2: error.": "Les résultats vont sur la sortie standard, tout le reste sur la sortie d’erreur. Code de retour 0 : "
    "des résultats, ou opération effectuée, 1 : aucun résultat, 2 : erreur.",
    "Rank the documents that hold any of the words, of both languages, with snippets.": "Classer les documents des "
    "deux langues qui contiennent l’un des mots, avec des extraits.",
    "Words in quotation marks are searched as they stand: searcher search '\"remote sensing\"'. After -- a query may "
    "begin with a minus: searcher search -- -shuttle lang:fr. README lists what else a query may say.": "Les mots "
    "entre guillemets sont cherchés tels quels : searcher search '\"bras spatial\"'. Après --, une requête peut "
    "commencer par un signe moins : searcher search -- -navette lang:fr. Le fichier README décrit ce qu’une requête "
    "peut dire d’autre.",
    "Complete what is being typed with words of the documents, the most frequent first.": "Compléter une saisie avec "
    "des mots des documents, les plus fréquents d’abord.",
    "Add or update documents.": "Ajouter ou mettre à jour des documents.",
    "PATH is a file or folder of .txt, .md, .html, .jsonl and .csv files, or - for JSON lines on standard input. "
    "Documents that have not changed are left alone.": "CHEMIN est un fichier ou un dossier de fichiers .txt, .md, "
    ".html, .jsonl et .csv, ou - pour des lignes JSON sur l’entrée standard. Les documents inchangés sont laissés "
    "tels quels.",
    "Build the index anew; the old one answers until the new one is complete.": "Reconstruire l’index ; l’ancien "
    "répond jusqu’à ce que le nouveau soit complet.",
    "Delete documents.": "Supprimer des documents.",
    "Tell the language of a text: a file, or standard input.": "Indiquer la langue d’un texte : un fichier, ou "
    "l’entrée standard.",
    "Tell what the index holds.": "Indiquer ce que contient l’index.",
    "Show the tokens, stems and offsets of a text as the index sees them.": "Montrer les mots d’un texte, leurs "
    "racines et leurs positions, tels que l’index les voit.",
    "Tell why a document has its score for a query, word by word, or why it is no hit.": "Expliquer mot par mot la "
    "note d’un document pour une requête, ou pourquoi il n’est pas retenu.",
    "Rank the documents that are like one, of both languages, with snippets.": "Classer les documents des deux "
    "langues qui ressemblent à un autre, avec des extraits.",
    "Let searches find translations of their words, from dictionaries that the index keeps.": "Élargir les "
    "recherches aux traductions de leurs mots, grâce à des dictionnaires que l’index conserve.",
    "Add glossaries, each in place of the one of the same name.": "Ajouter des glossaires, chacun à la place de celui "
    "du même nom.",
    "FILE is a dictd dictionary, such as freedict-eng-fra.index, or has a term, a tab and its translation on each "
    "line.": "FICHIER est un dictionnaire dictd, tel que freedict-eng-fra.index, ou contient à chaque ligne un terme, "
    "une tabulation et sa traduction.",
    "Tell which glossaries the index has.": "Indiquer les glossaires de l’index.",
    "Let go of glossaries.": "Supprimer des glossaires.",
    # Its options.
    "The folder of the index.": "Le dossier de l’index.",
    "How results are written.": "La forme des résultats.",
    "Mark words with colour; auto: on a terminal, unless NO_COLOR is set.": "Marquer les mots en couleur ; auto : dans "
    "un terminal, sauf si NO_COLOR est définie.",
    "Processes that analyse documents.": "Les processus qui analysent les documents.",
    "the cores at hand": "les cœurs disponibles",
    "Memory for documents that are not yet written; 256 where it is not given.": "La mémoire pour les documents qui "
    "ne sont pas encore écrits ; 256 par défaut.",
    "Only documents in this language.": "Seulement les documents dans cette langue.",
    "The language of the text; detected where it is not given.": "La langue du texte ; détectée si elle n’est pas "
    "donnée.",
    "Hits to show.": "Le nombre de résultats à montrer.",
    "Hits to pass over.": "Le nombre de résultats à passer.",
    "Words to show.": "Le nombre de mots à montrer.",
    "Best or newest first.": "Les meilleurs ou les plus récents d’abord.",
    "Count the values of a field, language, year or any of the metadata; repeatable.": "Compter les valeurs d’un "
    "champ, language, year ou toute métadonnée ; option répétable.",
    "Of the first and of the second column, such as en,fr; needed where a file does not say.": "Les langues de la "
    "première et de la deuxième colonne, telles que en,fr ; nécessaires si un fichier ne les indique pas.",
    "The language of messages; that of the locale where it is not given.": "La langue des messages ; par défaut celle "
    "du système.",
    "Show the version and exit.": "Afficher la version et quitter.",
    "Show this message and exit.": "Afficher ce message et quitter.",
    "env var:": "variable :",
    # What stands for something in them.
    "[OPTIONS]": "[OPTIONS]",
    "COMMAND [ARGS]...": "COMMANDE [ARGUMENTS]...",
    "CODES": "CODES",
    "DIR": "DOSSIER",
    "FILE...": "FICHIER...",
    "ID": "ID",
    "ID...": "ID...",
    "MB": "Mo",
    "N": "N",
    "NAME": "NOM",
    "NAME...": "NOM...",
    "PATH...": "CHEMIN...",
    "[PATH]": "[CHEMIN]",
    "PREFIX...": "DÉBUT...",
    "QUERY...": "REQUÊTE...",
    "TEXT": "TEXTE",
    # Results.
    "no hits among {count:,} documents": ("aucun résultat parmi {count:,} document",
                                          "aucun résultat parmi {count:,} documents"),
    "{total:,} ({languages})": "{total:,} ({languages})",
    "{first}-{last} of {total}": "{first}-{last} sur {total}",
    "{count:,} {language}": "{count:,} en {language}",
    "{count:,} documents": ("{count:,} document", "{count:,} documents"),
    "{count:,} more": ("{count:,} autre", "{count:,} autres"),
    "{name}: {values}": "{name} : {values}",
    "none": "aucun",
    "other": "autre langue",
    "Also searched: {words}": "Également cherché : {words}",
    "Did you mean: {query}": "Vouliez-vous dire : {query}",
    "no word of the documents begins so": "aucun mot des documents ne commence ainsi",
    "{language}, confidence {confidence:.2f}": "{language}, confiance {confidence:.2f}",
    "as {language}": "comme texte en {language}",
    "term": "terme",
    "exact": "exact",
    "start": "début",
    "end": "fin",
    "position": "position",
    "index": "index",
    "documents": "documents",
    "size": "taille",
    "changed": "modifié",
    "generation": "génération",
    "fingerprint": "empreinte",
    "{size} bytes": "{size} octets",
    "{size:.1f} kB": "{size:.1f} ko",
    "{size:.1f} MB": "{size:.1f} Mo",
    "{size:.1f} GB": "{size:.1f} Go",
    "{count} day ago": "il y a {count} jour",
    "{count} days ago": "il y a {count} jours",
    "{count} hour ago": "il y a {count} heure",
    "{count} hours ago": "il y a {count} heures",
    "{count} minute ago": "il y a {count} minute",
    "{count} minutes ago": "il y a {count} minutes",
    "less than a minute ago": "il y a moins d’une minute",
    # Reports.
    "{count:,} added": ("{count:,} ajouté", "{count:,} ajoutés"),
    "{count:,} updated": ("{count:,} mis à jour", "{count:,} mis à jour"),
    "{count:,} unchanged": ("{count:,} inchangé", "{count:,} inchangés"),
    "{count:,} removed": ("{count:,} supprimé", "{count:,} supprimés"),
    "nothing to do": "rien à faire",
    "skipped {path}: {reason}": "{path} ignoré : {reason}",
    # Explanations.
    "{score:.2f} points, a hit": "{score:.2f} points, document retenu",
    "not a hit": "document non retenu",
    "lacks {what}, which the query asks for": "il lui manque {what}, que la requête exige",
    "has {what}, which the query excludes": "contient {what}, que la requête exclut",
    "by its words the query is {languages}": "d’après ses mots, langue de la requête : {languages}",
    "{language} ({probability:.0%})": "{language} ({probability:.0%})",
    "{length:,} words, {comparison} the {average:,.0f} that {language} documents have on average": "{length:,} mots, "
    "{comparison} les {average:,.0f} qu’ont en moyenne les documents en {language}",
    "more than": "plus que",
    "less than": "moins que",
    "about": "à peu près",
    "{text}: {points:.2f} points = weight {weight:.2f} x share {share:.2f}": "{text} : {points:.2f} points = poids "
    "{weight:.2f} × part {share:.2f}",
    "not in this document": "absent de ce document",
    "{kind}: {words} {places}": "{kind} : {words} {places}",
    "{kind}: {words} {places}, each counts {weight:.2g}": "{kind} : {words} {places}, chaque occurrence compte pour "
    "{weight:.2g}",
    "as typed": "tel que saisi",
    "with other accents": "avec d’autres accents",
    "the same stem": "la même racine",
    "another spelling of the name": "une autre graphie du nom",
    "a translation": "une traduction",
    "spelled nearly so": "une graphie proche",
    "begins so": "commence ainsi",
    "these words in this order": "ces mots dans cet ordre",
    "the same stems in this order": "les mêmes racines dans cet ordre",
    "exactly so": "exactement ainsi",
    "“{word}”": "« {word} »",
    "{words}": "{words}",
    "and {count:,} more": ("et {count:,} autre", "et {count:,} autres"),
    "in the title {times}": "{times} dans le titre",
    "in the text {times}": "{times} dans le texte",
    "once": "une fois",
    "{count:,} times": "{count:,} fois",
    " and ": " et ",
    "rare, so it counts much: {frequencies}": "rare, donc compte beaucoup : {frequencies}",
    "neither rare nor common: {frequencies}": "ni rare ni courant : {frequencies}",
    "common, so it counts little: {frequencies}": "courant, donc compte peu : {frequencies}",
    "in no document": "dans aucun document",
    "in {count:,} of {total:,} {language} documents": "dans {count:,} des {total:,} documents en {language}",
    "a function word of {languages}, so it counts as far as the query is in another language ({share:.0%})": "mot "
    "grammatical en {languages}, qui compte dans la mesure où la requête est dans une autre langue ({share:.0%})",
    "a function word of {languages}, but the query has nothing else": "mot grammatical en {languages}, mais la requête "
    "n’a rien d’autre",
    "not enough to be a hit by itself": "ne suffit pas à lui seul pour que le document soit retenu",
    "counts {count:.2g} times, as it stands in the query so often": "compte {count:.2g} fois, autant que dans la "
    "requête",
    # What of a query was not searched as asked.
    "the query was cut after {count:,} characters": "la requête a été coupée après {count:,} caractères",
    "only the first {count} words of the query were searched": "seuls les {count} premiers mots de la requête ont été "
    "cherchés",
    "the query has no words to search for": "la requête ne contient aucun mot à chercher",
    "a quotation mark without its other one was passed over": "un guillemet sans son pareil a été ignoré",
    "{name}: stands before no value, it was searched as a word": "{name}: n’est suivi d’aucune valeur ; recherché "
    "comme un mot",
    "too many words have * or ~; searched as written: {words}": "trop de mots portent * ou ~ ; recherchés tels "
    "quels : {words}",
    "a parenthesis that is never closed was closed at the end": "une parenthèse jamais fermée a été fermée à la fin",
    "a parenthesis that was never opened was passed over": "une parenthèse jamais ouverte a été laissée de côté",
    "parentheses in more than {count} others were passed over": "les parenthèses à l’intérieur de plus de {count} "
    "autres ont été laissées de côté",
    "{written} is nothing that a document may have, its words were searched": "aucun document ne peut avoir {written}, "
    "ses mots ont été cherchés",
    "{written} is not one word with one sign, its words were searched": "{written} n’est pas un seul mot avec un seul "
    "signe, ses mots ont été cherchés",
    "{word} has fewer than two letters before its asterisk, it was searched as a word": "{word} a moins de deux "
    "lettres avant son astérisque, il a été cherché comme un mot",
    "{word} stands between no two things, it was searched as a word": "{word} ne relie pas deux éléments, il a été "
    "cherché comme un mot",
    "no document has “{word}”; searched for {others} as well": "aucun document ne contient « {word} » ; recherche "
    "étendue à {others}",
    "{written} means {count:,} words, only {searched} of them were searched": "{written} correspond à {count:,} mots, "
    "seuls {searched} ont été cherchés",
    # Documents that can't be read.
    "no such file or folder": "fichier ou dossier introuvable",
    "no file of a known format in this folder": "aucun fichier d’un format connu dans ce dossier",
    "a search index, not documents": "un index de recherche, pas des documents",
    "symbolic link that leaves the folder": "lien symbolique qui sort du dossier",
    "not a regular file": "n’est pas un fichier ordinaire",
    "unknown extension, not one of {known}": "extension inconnue ; celles qui sont lues : {known}",
    "empty": "vide",
    "there is no standard input": "il n’y a pas d’entrée standard",
    "larger than {size} MB": "plus de {size} Mo",
    "a line is longer than {size} MB": "une ligne dépasse {size} Mo",
    "not a text file": "n’est pas un fichier texte",
    "not valid JSON": "n’est pas du JSON valide",
    "not a JSON object": "n’est pas un objet JSON",
    "not valid CSV: {error}": "n’est pas du CSV valide : {error}",
    'no column is named "text" in the first line': "aucune colonne ne s’appelle « text » dans la première ligne",
    "contains a null byte": "contient un octet nul",
    '"{name}" is neither text nor a number': "« {name} » n’est ni un texte ni un nombre",
    "no text and no title": "ni texte ni titre",
    "not in the index, so not removed": "absent de l’index, donc pas supprimé",
    "another document with the id {id} follows": "un autre document avec l’identifiant {id} suit",
    "no document could be read": "aucun document n’a pu être lu",
    "The index was left as it is; see the reason beside each file": "L’index a été laissé tel quel ; la raison est "
    "donnée à côté de chaque fichier",
    "{path} can't be read: {reason}": "impossible de lire {path} : {reason}",
    "{path}: {reason}": "{path} : {reason}",
    "{told}; {more}": "{told} ; {more}",
    "there is no text in {reason}": "pas de texte dans {reason}",
    "Name a text file, or - for standard input": "Indiquer un fichier texte, ou - pour l’entrée standard",
    # Documents that can't be made.
    "the document id {id} can't be used": "l’identifiant de document {id} est inutilisable",
    "Give it a text of 1 to {count:,} characters without null bytes": "Lui donner un texte de 1 à {count:,} caractères "
    "sans octet nul",
    "the {name} of document {id} is {kind}, not text": "le champ {name} du document {id} est de type {kind}, pas du "
    "texte",
    "Give it as a str": "Le donner comme str",
    "the language of document {id} is {language}, which is none of ours": "la langue du document {id} est {language}, "
    "qui est inconnue",
    "Give one of {known}, or None to have it detected": "Donner l’une de {known}, ou None pour qu’elle soit détectée",
    "the date of document {id} is {date}, which isn't in ISO 8601": "la date du document {id} est {date}, qui n’est "
    "pas en ISO 8601",
    "Give it as 2024, 2024-03, 2024-03-23, with a time, or as a date object": "La donner comme 2024, 2024-03, "
    "2024-03-23, avec une heure, ou comme un objet date",
    "the metadata of document {id} is {kind}, not a mapping": "les métadonnées du document {id} sont de type {kind}, "
    "pas un dictionnaire",
    "Give a dict with text as keys": "Donner un dict dont les clés sont des textes",
    "the metadata of document {id} holds {what}, which JSON doesn't": "les métadonnées du document {id} contiennent "
    "{what}, impossible en JSON",
    "Give text, finite numbers, booleans, None, and lists and dicts of these": "Donner des textes, des nombres finis, "
    "des booléens, None, et des listes et dicts de ceux-ci",
    "the key {key}": "la clé {key}",
    "more than {count} levels": "plus de {count} niveaux",
    "a number of thousands of digits": "un nombre de milliers de chiffres",
    "the number {number}": "le nombre {number}",
    "a {kind}": "un {kind}",
    "document {number} is {value}": "le document {number} est {value}",
    "Give searcher.Document values": "Donner des valeurs searcher.Document",
    "remove is the text {value}": "remove est le texte {value}",
    "Give a list of ids": "Donner une liste d’identifiants",
    # What makes no sense as asked.
    "there is no language {code!r}": "langue inconnue : {code!r}",
    "there is no order by {value}": "ordre inconnu : {value}",
    "Use one of {known}": "Choisir parmi {known}",
    "there is no document with the id {id!r}": "aucun document n’a l’identifiant {id!r}",
    "Search for it, or index it first": "Le chercher, ou l’indexer d’abord",
    "the prefix is {value}": "le préfixe est {value}",
    "the query is {value}": "la requête est {value}",
    "the facets are {value}": "les facettes sont {value}",
    "Use a text": "Donner un texte",
    "Use a list of the names of fields": "Donner une liste de noms de champs",
    "{name} is {value}": "{name} vaut {value}",
    "Use a whole number, 0 or more": "Donner un nombre entier, 0 ou plus",
    "Use a whole number, 1 or more": "Donner un nombre entier, 1 ou plus",
    "this Searcher is closed": "ce Searcher est fermé",
    "Open another": "En ouvrir un autre",
    "the name of the folder is empty": "le nom du dossier est vide",
    "{reason}. Check the space, the permissions and where the output goes": "{reason}. Vérifier l’espace, les droits "
    "et où va la sortie",
    # Indexes that can't be used.
    "there is no index in {folder}": "il n’y a pas d’index dans {folder}",
    "Make one with: searcher index PATH, or name another with --index": "En créer un avec : searcher index CHEMIN, ou "
    "en indiquer un autre avec --index",
    "{folder} is a file, not a folder": "{folder} est un fichier, pas un dossier",
    "Name the folder of an index with --index": "Indiquer le dossier d’un index avec --index",
    "the index {folder} was written with {writer}, this is {own}": "l’index {folder} a été écrit avec {writer}, la "
    "version présente est {own}",
    "another program": "un autre programme",
    "Build it anew with: searcher rebuild PATH": "Le reconstruire avec : searcher rebuild CHEMIN",
    "the index {folder} can't be {action}: {reason}": "l’index {folder} ne peut pas être {action} : {reason}",
    "read": "lu",
    "written": "écrit",
    "The index is as it was; check the space and the permissions of the folder, or name another with --index": "L’"
    "index est tel qu’il était ; vérifier la place et les droits du dossier, ou en indiquer un autre avec --index",
    "the index {folder} is damaged ({kind}: {error})": "l’index {folder} est endommagé ({kind} : {error})",
    "a file of the index {folder} is missing: {file}": "il manque un fichier à l’index {folder} : {file}",
    "another process is writing to the index {folder}: {holder}": "un autre processus écrit dans l’index {folder} : "
    "{holder}",
    "it left no name": "il n’a pas laissé de nom",
    "Wait for it to finish, then try again": "Attendre qu’il ait fini, puis réessayer",
    "a process that analyses documents ended ({reason})": "un processus qui analyse des documents s’est arrêté "
    "({reason})",
    "a process that analyses documents can't be started: {reason}": "un processus qui analyse des documents ne peut "
    "être lancé : {reason}",
    "{path} and {other} would have the same name": "{path} et {other} porteraient le même nom",
    "Rename one of the files": "Renommer l’un des fichiers",
    "damaged in the index that was replaced": "endommagé dans l’index qui a été remplacé",
    "The index is as it was; try again with fewer --jobs, it may be memory that is short": "L’index est tel qu’il "
    "était ; réessayer avec moins de --jobs, il manque peut-être de la mémoire",
    # Glossaries.
    "the index has no glossaries, only the names of countries and languages": "l’index n’a pas de glossaires, "
    "seulement les noms des pays et des langues",
    "added ": "ajouté : ",
    "removed ": "supprimé : ",
    "{count:,} pairs": ("{count:,} paire", "{count:,} paires"),
    "there is no glossary {name!r} in the index {folder}": "il n’y a pas de glossaire {name!r} dans l’index {folder}",
    "It has {known}": "Il contient {known}",
    "It has none": "Il n’en contient aucun",
    "the languages are {value}": "les langues sont {value}",
    "Name two by their codes, such as en and fr": "En indiquer deux par leurs codes, tels que en et fr",
    "the two languages of {path} are not known": "les deux langues de {path} ne sont pas connues",
    'Begin it with a line such as "en", tab, "fr"; name a dictd dictionary as in freedict-eng-fra.index': "Commencer "
    "par une ligne telle que « en », tabulation, « fr » ; nommer un dictionnaire dictd comme dans "
    "freedict-eng-fra.index",
    "there are no terms with translations in {path}": "il n’y a pas de termes traduits dans {path}",
    "Check that it is a glossary": "Vérifier que c’est un glossaire",
    "names are read with Babel, which is not installed": "les noms sont lus avec Babel, qui n’est pas installé",
    "Install it with pip install babel": "L’installer avec pip install babel",
    "Babel has no names in {language}": "Babel n’a pas de noms en {language}",
    "Leave the names out": "Se passer des noms",
    "{path} is not a text file": "{path} n’est pas un fichier texte",
    "Give a tab-separated file or a dictd dictionary": "Donner un fichier à tabulations ou un dictionnaire dictd",
    "line {number} of {path} has no tab": "la ligne {number} de {path} n’a pas de tabulation",
    'Put a tab between a term and its translation, or "# " before a comment': "Mettre une tabulation entre un terme et "
    "sa traduction, ou # et un espace avant un commentaire",
    "{path} is cut or damaged": "{path} est coupé ou endommagé",
    "Get the dictionary again": "Se procurer de nouveau le dictionnaire",
    "can't read {path}: {reason}": "impossible de lire {path} : {reason}",
    "Check the path and its permissions": "Vérifier le chemin et ses droits",
    "{path} is larger than {size} MB": "{path} dépasse {size} Mo",
    "Split it into several glossaries": "Le partager en plusieurs glossaires",
    "{index} names more than there is in {articles}: one of them is cut, or they are of two dictionaries": "{index} "
    "nomme plus qu’il n’y a dans {articles} : l’un des deux est coupé, ou ils viennent de deux dictionnaires",
    "line {number} of {path} is not a head, an offset and a length with tabs between them": "la ligne {number} de "
    "{path} n’est pas une entrée, une position et une longueur séparées par des tabulations",
    "Get the dictionary again, or give a tab-separated file another ending than .index": "Se procurer de nouveau le "
    "dictionnaire, ou donner à un fichier à tabulations une autre extension que .index",
}  # fmt: skip
"""By what is said in English; two forms where it depends on `count`: for 0 and 1, and for more."""
