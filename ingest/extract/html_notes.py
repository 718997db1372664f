"""Finds the notes of an HTML page by their links: a short marker that leads to the place where the note's text stands.

Invariant: an element is taken for a note only when a marker before it in the page links to it, so that a contents
list, whose links lead to headings, makes none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_MARKER = re.compile(r"[\[(]?\s*(\d{1,4}|[a-z]{1,2}|[ivxlc]{1,6}|[*†‡§¶]+)\s*[\])]?[.:]?", re.IGNORECASE)
_BACK = re.compile(r"[\[(]?\s*(?:\d{1,4}|[a-z]{1,2}|[ivxlc]{1,6}|[*†‡§¶^↑↩︎⏎←]+|back|top)?\s*[\])]?[.:]?", re.IGNORECASE)
_CONTAINERS = ("li", "p", "div", "aside", "dd", "tr", "td", "section")


@dataclass(frozen=True, slots=True)
class LinkedCall:
    """The key of the note that a link calls, and the marker as printed."""

    key: str
    marker: str


@dataclass(frozen=True, slots=True)
class LinkedNotes:
    """The links that call a note, the elements that hold the notes, their markers, and the links that lead back."""

    calls: dict[_Element, LinkedCall] = field(default_factory=dict)
    bodies: dict[_Element, str] = field(default_factory=dict)
    markers: dict[str, str] = field(default_factory=dict)
    back_links: set[_Element] = field(default_factory=set)


def find_linked_notes(body: _Element) -> LinkedNotes:
    """The notes of a page, an element each."""
    order = {element: place for place, element in enumerate(body.iter())}
    targets: dict[str, _Element] = {}
    for element in order:
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                targets.setdefault(name, element)
    found = LinkedNotes()
    called: dict[_Element, list[tuple[_Element, str]]] = {}
    for link in body.iter("a"):
        marker = _MARKER.fullmatch(_words(link))
        target = targets.get((link.get("href") or "").removeprefix("#")) if _leads_here(link) else None
        if marker is None or target is None or order[target] <= order[link]:
            continue
        holder = _holder(target)
        if holder is not None and link not in set(holder.iter("a")):
            called.setdefault(holder, []).append((link, marker.group(1)))
    for place, (holder, links) in enumerate(called.items()):
        if len({link.get("href") for link, _ in links}) > 1 or any(
            around in called for around in holder.iterancestors()
        ):
            # One element that several markers lead into holds several notes: which words are whose is unknown.
            continue
        key = f"linked {place}"
        found.bodies[holder] = key
        found.markers[key] = links[0][1]
        for link, marker_words in links:
            found.calls[link] = LinkedCall(key, marker_words)
        found.back_links.update(_back_links(holder, [link for link, _ in links]))
    return found


def _leads_here(link: _Element) -> bool:
    return (link.get("href") or "").startswith("#")


def _words(element: _Element) -> str:
    return "".join(map(str, element.itertext())).strip()


def _holder(target: _Element) -> _Element | None:
    """The block that holds the note's text: the target, or what is around it when the target is a bare anchor."""
    element: _Element | None = target
    while element is not None and (element.tag not in _CONTAINERS or _MARKER.fullmatch(_words(element) or "1")):
        element = element.getparent()
    if element is None or element.find(".//h1") is not None or element.find(".//h2") is not None:
        return None
    return element


def _back_links(holder: _Element, calls: list[_Element]) -> set[_Element]:
    """Links in the note that lead back to where it is called: signposts, not words of the note."""
    around = {_paragraph(call) for call in calls}
    names = {
        name
        for paragraph in around
        for element in (paragraph, *paragraph.iterdescendants())
        for name in (element.get("id"), element.get("name"))
        if name
    }
    return {
        link
        for link in holder.iter("a")
        if _leads_here(link) and (link.get("href") or "")[1:] in names and _BACK.fullmatch(_words(link))
    }


def _paragraph(call: _Element) -> _Element:
    """The block that a call stands in."""
    return next((around for around in call.iterancestors() if around.tag in _CONTAINERS), call)
