"""Runs to step through, and tours of them, in MkDocs pages.

`plugin` is what MkDocs calls. `markup` finds the blocks and links of a page, `fence` reads one block, `tours` shapes
the paragraphs that move a cursor. `engine` asks ChainDebug what a file holds, and `steps` whether a page names steps
the file has. `assets` puts scripts and traces into the site. The browser's half is `assets/chain-debug-mkdocs.js`.
"""

__version__ = "0.1.0"
