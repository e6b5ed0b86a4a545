"""The options of the plugin in mkdocs.yml."""

from __future__ import annotations

from mkdocs.config import config_options as c
from mkdocs.config.base import Config


class Options(Config):  # type: ignore[no-untyped-call]  # MkDocs has no types there.
    """What stands below `chain-debug:` in mkdocs.yml."""

    dist = c.Optional(c.Dir(exists=True))
    """A build of ChainDebug, copied into the site. Without it, `url` says where one is."""

    url = c.Optional(c.Type(str))
    """Where `chain-debug.js` of a build is: an address, or a path from the top of the site (`../chain-debug.js`)."""

    full = c.Optional(c.Type(str))
    """Where "full page" leads, when it is not the page beside `chain-debug.js`."""

    folders = c.DictOfItems(c.Dir(exists=True), default={})
    """Folders outside of the docs whose files pages may name: the folder in the site, and the folder on the disk."""

    check = c.Choice(("auto", "cli", "node", "files"), default="auto")
    """Who says which steps a file has: the `chaindebug` command, the engine of `dist` in Node, or nobody."""

    command = c.Type(str, default="chaindebug")
    """The `chaindebug` command."""

    node = c.Type(str, default="node")
    """The `node` command."""

    inline = c.Choice(("auto", "always", "never"), default="auto")
    """Whether traces stand in the pages themselves. `auto`: when the site is made for reading offline."""

    start = c.Choice(("seen", "click"), default="seen")
    """When embeds start that do not say so."""

    height = c.Optional(c.Type(int))
    """The height in pixels of embeds that do not say so. Without it, it follows from the width there is."""
