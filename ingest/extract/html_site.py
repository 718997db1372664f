"""Tells the parts of a web page that are the site speaking, not the document: each rule is a claim with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROLES = frozenset(("navigation", "banner", "search", "contentinfo", "complementary", "menu", "menubar", "toolbar"))
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|cookies?|consent|share|sharing|social|sidebar|"
    r"related|newsletter|skip-link|pagination|site-header|site-footer|masthead)(?:$|[\s_-])",
    re.IGNORECASE,
)
LARGEST_SHARE = 0.5
"""An element that holds more of the page's words than this is the document, whatever it is called."""
FEWEST_LINKS = 4
LINKED_SHARE = 0.9
"""A list of at least that many links, with so much of its words inside them, is a menu."""


def site_rule(element: _Element, letters_of_page: int) -> str | None:
    """The name of the rule by which the element is a part of the site, or None.

    :param letters_of_page: what `letters_in` says of the page's body.
    """
    for rule in (looks_like_navigation, looks_like_site_furniture, looks_like_menu_of_links):
        if rule(element) and letters_in(element) <= LARGEST_SHARE * letters_of_page:
            return rule.__name__
    return None


def looks_like_navigation(element: _Element) -> bool:
    """HTML has elements and roles that say so; a header or footer counts only outside the article it may belong to."""
    if element.tag == "nav" or (element.get("role") or "").lower() in _ROLES:
        return True
    if element.tag in ("footer", "aside"):
        return not any(around.tag in ("article", "main", "section") for around in element.iterancestors())
    return False


def looks_like_site_furniture(element: _Element) -> bool:
    """Sites without such elements name them by class or id, in the same few words everywhere."""
    if element.tag not in ("div", "section", "ul", "ol", "header", "aside", "p", "form"):
        return False
    return bool(_NAMES.search(element.get("class") or "") or _NAMES.search(element.get("id") or ""))


def looks_like_menu_of_links(element: _Element) -> bool:
    """A list made of links to other pages is a menu; one that leads to places of this page is a contents list."""
    if element.tag not in ("ul", "ol"):
        return False
    links = list(element.iterdescendants("a"))
    if len(links) < FEWEST_LINKS:
        return False
    return letters_in(element) > 0 and sum(map(letters_in, links)) >= LINKED_SHARE * letters_in(element)


def letters_in(element: _Element) -> int:
    """Code points in the element that are no white space."""
    return sum(len("".join(str(words).split())) for words in element.itertext())
