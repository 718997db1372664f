"""The quotations of a draft, found and judged against the library, letter by letter.

`find` finds them, `wording` compares words, `attribution` reads what the draft says of where they stand, and `check`
gives each its verdict. A near match is never called verbatim.
"""
