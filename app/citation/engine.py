"""citeproc-py with its known faults worked round, and quick enough for a page of results.

Each class stands in for the one of the same name in citeproc-py 0.11.1 and is used for our parse trees only: nothing
global is patched. A compiled style keeps state while it renders, so `CompiledStyle` renders under its own lock.

    fault                                                                         worked round in
    `initialize="false"` is ignored: first names become initials                  Name
    `disambiguate="true"` counts as true although nothing was disambiguated       If, ElseIf
    a date's attributes stay changed after a style printed it its own way         DatePart
    titles are forced into title case or sentence case                            Text
    what stands in for a missing author is printed a second time                  Substitute, Text, Names
    changing the case of a number, a missing name or plain text crashes           Cased, NamePart
    notes that ask for the distance of the last one crash                         Style
    a list's number ("[1]") runs into the entry, and cannot be left out           Text
    a locale's date delimiter is ignored ("2016Sep")                              Date
    a style without bibliography crashes there (Bluebook)                         CompiledStyle.entry
    the locator is printed again in the bibliography (APA)                        CompiledStyle.entry
    warnings for variables of CSL 1.0.2                                           reference
    punctuation is not moved inside quotation marks                               seams
    macros and terms are searched by XPath at every use (30 ms a citation)        Style, Locale, Text
"""

from __future__ import annotations

import re
import threading
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from citeproc import NAMES, model
from citeproc.frontend import CitationStylesBibliography, CitationStylesStyle
from citeproc.source import BibliographySource, Citation, CitationItem, Reference, VariableError
from citeproc.source import Date as SourceDate
from citeproc.source import Locator as SourceLocator
from citeproc.source import Name as SourceName
from citeproc.string import MixedString, String
from lxml import etree

from app.citation import seams
from app.citation.csl import CslItem
from app.citation.styles import locale_path, locales, primary_dialect

_KEY = "cited"
_ANY_BOOK: CslItem = {
    "id": _KEY,
    "type": "book",
    "title": "T",
    "author": [{"literal": "A"}],
    "issued": {"date-parts": [[2000]]},
}
_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Style(model.Style):  # type: ignore[misc]
    """The root of a style, with its locales read once and its macros found once."""

    _default_options = model.CitationStylesElement._default_options | {"near-note-distance": 5}

    def set_locale_list(self, output_locale: str, validate: bool = False) -> None:  # noqa: ARG002
        """Order of CSL 1.0.2, "Locale": in the style by dialect, language, none; then the locale files."""
        language = output_locale.split("-")[0]
        self.macros = {macro.get("name"): macro for macro in self.findall("cs:macro", self.nsmap)}
        self.macro_calls: dict[str, bool] = {}
        self.printed: list[tuple[str, str]] = []
        self.number: int | None = 1
        own = self.findall("cs:locale", self.nsmap)
        names = [output_locale, language, None]
        self.locales = [locale for name in names for locale in own if locale.get(_XML_LANG) == name]
        for name in dict.fromkeys((output_locale, primary_dialect(language), "en-US")):
            if name in locales():
                self.locales.append(_parse(locale_path(str(name))))
        for locale in self.locales:
            locale.style = self
            locale.found = {}


class Locale(model.Locale):  # type: ignore[misc]
    """Terms, dates and options, each looked up once."""

    def get_term(self, name: str, form: str | None = None, zero_padded: bool = False) -> Any:
        return self._once(("term", name, form, zero_padded), super().get_term, name, form, zero_padded)

    def get_date(self, form: str) -> Any:
        return self._once(("date", form), super().get_date, form)

    def get_option(self, name: str) -> Any:
        return self._once(("option", name), super().get_option, name)

    def _once(self, key: tuple[object, ...], find: Any, *arguments: object) -> Any:
        if key not in self.found:
            try:
                self.found[key] = find(*arguments)
            except IndexError:
                self.found[key] = None
        if self.found[key] is None:
            raise IndexError(key)
        return self.found[key]


class Cased:
    """For elements that change case: what they are given may be a number, nothing, or text that is not citeproc's."""

    def case(self, text: Any, language: str | None = None) -> Any:
        """Title and sentence case would change a published title (and lower its proper names): left as is."""
        if text is None or not str(text) or self.get("text-case") in ("title", "sentence"):  # type: ignore[attr-defined]
            return text
        return super().case(_known(text), language)  # type: ignore[misc]

    def strip_periods(self, text: Any) -> Any:
        return None if text is None else super().strip_periods(_known(text))  # type: ignore[misc]


def _known(text: Any) -> Any:
    """Text with the methods that citeproc-py's changes of case call."""
    if isinstance(text, MixedString):
        return MixedString(part if isinstance(part, String) else String(part) for part in text)
    return text if isinstance(text, String) else String(text)


class Number(Cased, model.Number):  # type: ignore[misc]
    """As `Cased`."""


class NamePart(Cased, model.Name_Part):  # type: ignore[misc]
    """As `Cased`; a name that has no such part keeps none."""

    def format_part(self, given: Any, family: Any) -> Any:
        part = given if self.get("name") == "given" else family
        if not part:
            return given, family
        return tuple(None if made is None else str(made) for made in super().format_part(given, family))


class Text(Cased, model.Text):  # type: ignore[misc]
    """Text, its macros found once, and remembered while it stands in for missing names."""

    def get_macro(self, name: str) -> Any:
        return self.get_root().macros[name]

    def calls_variable(self) -> bool:
        macro = self.get("macro")
        if macro is None:
            return bool(super().calls_variable())
        calls: dict[str, bool] = self.get_root().macro_calls
        if macro not in calls:
            calls[macro] = bool(self.get_macro(macro).calls_variable())
        return calls[macro]

    def render(self, *arguments: Any, **options: Any) -> Any:
        text = super().render(*arguments, **options)
        aligned = self.get("variable") == "citation-number" and self.xpath_search("ancestor::cs:bibliography")
        return text + " " if aligned and text else text

    def _variable(self, item: Any, context: Any) -> Any:
        if self.get("variable") == "citation-number":
            return self.get_root().number
        text = super()._variable(item, context)
        if text:
            self.get_root().printed.append((self.tag, self.get("variable")))
        return text


class Label(Cased, model.Label):  # type: ignore[misc]
    """The word before a place or after a name; "title" case (APA: "(Eds.)") was left undone."""

    def case(self, text: Any, language: str | None = None) -> Any:
        return (
            _known(text).capitalize_first()
            if text and self.get("text-case") == "title"
            else super().case(text, language)
        )


class Names(model.Names):  # type: ignore[misc]
    """Names, unless they were printed in place of others."""

    def process(self, item: Any, names_context: Any = None, context: Any = None, **options: Any) -> Any:
        roles = [role for role in self.get("variable").split() if role in item.reference]
        layout = (self if context is None else context).get_layout()
        if roles and set(roles) <= set(layout.repressed.get(self.tag, [])):
            raise VariableError
        text = super().process(item, names_context=names_context, context=context, **options)
        self.get_root().printed.extend((self.tag, role) for role in roles)
        return text


class Substitute(model.Substitute):  # type: ignore[misc]
    """What stands in for missing names; it is not printed again in the same citation."""

    def render(self, item: Any, context: Any = None, **options: Any) -> Any:
        printed = self.get_root().printed = []
        text = super().render(item, context=context, **options)
        layout = context.get_layout()
        for tag, variable in printed if text else ():
            layout.repressed[tag] = [*layout.repressed.get(tag, []), variable]
        return text


class Date(model.Date):  # type: ignore[misc]
    """A date whose parts are joined as its locale says."""

    def render_single_date(self, date: Any, show_parts: Any = None, context: Any = None) -> Any:
        if not self.is_locale_date() or self.get("delimiter") is None:
            return super().render_single_date(date, show_parts, context)
        parts = self.parts(date, show_parts, context)
        return self.join(parts) if parts else None


class Name(model.Name):  # type: ignore[misc]
    """Names, initialized only where the style wants initials."""

    def initialize(self, given: str, mark: str, context: Any) -> str:
        for element in (self, *(context if context is not None else self).iterancestors()):
            if (wanted := element.get("initialize")) is not None:
                return given if wanted == "false" else str(super().initialize(given, mark, context))
        return str(super().initialize(given, mark, context))


class If(model.If):  # type: ignore[misc]
    """A condition; nothing is ever ambiguous in a citation that stands alone."""

    def render(self, item: Any, context: Any = None, delimiter: str = "", **options: Any) -> Any:
        _refuse_disambiguation(self)
        return super().render(item, context=context, delimiter=delimiter, **options)


class ElseIf(model.Else_If):  # type: ignore[misc]
    """As `If`."""

    def render(self, item: Any, context: Any = None, delimiter: str = "", **options: Any) -> Any:
        _refuse_disambiguation(self)
        return super().render(item, context=context, delimiter=delimiter, **options)


def _refuse_disambiguation(condition: Any) -> None:
    if condition.get("disambiguate") == "true" and condition.get("match") != "none":
        raise model.ConditionFailed


class DatePart(Cased, model.Date_Part):  # type: ignore[misc]
    """A part of a date, its attributes as they were once it is printed."""

    def render(self, *arguments: Any, **options: Any) -> Any:
        before = dict(self.attrib)
        try:
            return super().render(*arguments, **options)
        finally:
            self.attrib.clear()
            self.attrib.update(before)


class Cited(CitationItem):  # type: ignore[misc]
    """A work cited, its data at hand: citeproc-py looks it up by key through three objects at every condition."""

    @property
    def reference(self) -> Any:
        return self.data

    def with_data(self, data: Any) -> Cited:
        object.__setattr__(self, "data", data)  # a plain attribute: the class keeps assigned ones as its items
        return self


class CompiledStyle:
    """A style in one language, ready to render; safe to share between threads."""

    def __init__(self, path: Path, locale: str) -> None:
        self.path = path
        self.locale = locale
        self._sheet = CitationStylesStyle.__new__(CitationStylesStyle)
        self._sheet.root = _parse(path)
        default = self._sheet.root.get("default-locale", "")
        # A British style stays British when English is asked for.
        self._sheet.root.set_locale_list(default if default.split("-")[0] == locale.split("-")[0] else locale)
        self._lock = threading.Lock()
        self._words: dict[str, str] = {}
        self.is_note: bool = self._sheet.root.get("class") == "note"
        self.has_bibliography: bool = self._sheet.has_bibliography()
        self.page_range_format: str | None = self._sheet.root.get("page-range-format")
        self.punctuation_in_quote = self._option("punctuation-in-quote") == "true"

    def cite(self, item: CslItem, label: str | None, place: str | None, *, again: bool = False, number: int = 1) -> str:
        """What stands at the quotation: a note, or the words in the text; marked as in `seams`.

        :param label: CSL locator label ("page", "paragraph", …) of `place`.
        :param again: as a later note to a work that was cited before another.
        :param number: place of the work in the list, which numeric styles print.
        """
        with self._lock:
            self._sheet.root.number = number
            bibliography, cited = self._register(item, label, place)
            if again:
                other = CitationItem("other")
                bibliography.items.append(other)
                Citation([other])
                bibliography._cites.extend([CitationItem(_KEY), other])
                for cite in bibliography._cites:
                    Citation([cite])
            rendered = bibliography.cite(cited, lambda _: None)
            return seams.mend(str(rendered or ""), self.punctuation_in_quote)

    def entry(self, item: CslItem, number: int | None = None) -> str:
        """The entry in the list of works, marked as in `seams`; empty where the style has no such list.

        :param number: its place in the list, which numeric styles print; left out when None.
        """
        if not self.has_bibliography:
            return ""
        with self._lock:
            bibliography, _ = self._register(item, None, None)
            self._sheet.root.number = number
            entries = bibliography.bibliography()
            return seams.mend(str(entries[0]) if entries else "", self.punctuation_in_quote)

    def term(self, name: str, form: str | None, *, plural: bool = False) -> str:
        """A word of the style's language ("para."), empty where there is none."""
        root = self._sheet.root
        with self._lock:
            root.formatter = seams
            found = root.get_term(name, None if form in (None, "long") else form)
            return "" if found is None else str(found.multiple if plural else found.single)

    def word(self, label: str) -> str:
        """What the style prints before a place of this kind, with its space ("para. ", "¶ "); empty where nothing."""
        if label not in self._words:
            self._words[label] = self._word(label)
        return self._words[label]

    def _word(self, label: str) -> str:
        before, gap, _ = seams.plain(self.cite(_ANY_BOOK, label, seams.ONE_PLACE)).partition(seams.GAP)
        if not gap:
            return ""
        terms = [self.term(label, form).rstrip(".") for form in ("long", "short", "symbol")]
        bare = before.rstrip(". \u00a0")
        starts = [len(bare) - len(term) for term in terms if term and bare.lower().endswith(term.lower())]
        return before[min(starts) :] if starts else ""

    @cached_property
    def prints_places(self) -> bool:
        """Whether the style prints where in a work a quotation stands; some numeric ones do not."""
        return seams.GAP in self.cite(_ANY_BOOK, "page", seams.ONE_PLACE)

    def _register(self, item: CslItem, label: str | None, place: str | None) -> tuple[Any, Any]:
        source = BibliographySource()
        data = reference(item)
        source.add(data)
        bibliography = CitationStylesBibliography(self._sheet, source, seams)
        located = {"locator": SourceLocator(label, place)} if label and place else {}
        cited = Citation([Cited(_KEY, **located).with_data(data)])
        bibliography.register(cited)
        return bibliography, cited

    def _option(self, name: str) -> str:
        return str(self._sheet.root.get_locale_option(name) or "false").lower()


def reference(item: CslItem) -> Any:
    """A CSL-JSON item as citeproc-py holds it.

    Filled after it is made, because its constructor warns of every variable newer than CSL 1.0.1.
    """
    made = Reference(_KEY, item["type"])
    for key, value in item.items():
        name = key.replace("-", "_")
        if key in ("id", "type", "custom"):
            continue
        if key == "event-title":
            made["event"] = String(value)  # its name before CSL 1.0.2, which many styles still ask for
        if name in NAMES or key in ("editor", "translator"):
            made[name] = [SourceName(**part) for part in value]
        elif isinstance(value, dict):
            made[name] = SourceDate(**dict(zip(("year", "month", "day"), value["date-parts"][0], strict=False)))
        else:
            made[name] = value if key == "language" else String(value)
    return made


@lru_cache(maxsize=64)
def compiled(path: Path, locale: str) -> CompiledStyle:
    """Read a style (about 10 ms, once)."""
    return CompiledStyle(path, locale)


def _tag(name: str) -> str:
    """As in CSL: `DatePart` is "date-part"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def _parse(path: Path) -> Any:
    lookup = etree.ElementNamespaceClassLookup()
    namespace = lookup.get_namespace(_NAMESPACE)
    namespace[None] = model.CitationStylesElement
    for element in model.CitationStylesElement.__subclasses__():
        namespace[element.__name__.replace("_", "-").lower()] = element
    ours = (Style, Locale, Text, Label, Number, NamePart, Names, Substitute, Date, DatePart, Name, If, ElseIf)
    namespace.update({_tag(element.__name__): element for element in ours})
    parser = etree.XMLParser(remove_comments=True, no_network=True, resolve_entities=False)
    parser.set_element_class_lookup(lookup)
    return etree.parse(path, parser).getroot()
