"""The documentation is executed: what a page shows is run, and what it says of names and numbers is compared.

`markdown` reads a page into blocks and tables, `shell` runs its commands in order as a reader would, `expectation`
compares answers with what is printed there. In a page

- a `bash` block is run; the `json` or `text` block right behind it is what must come out,
- a block with `title="…"` is a file that the reader saves,
- a `bash` block with `background` keeps running, in a terminal of its own,
- a comment `<!-- run by … -->` before a block names the test that runs it elsewhere.
"""
