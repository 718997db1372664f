"""Documents typeset here from words that are known, so that what is read of them can be measured letter by letter."""
