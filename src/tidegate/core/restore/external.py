"""Tools whose arguments leave the house: their values stay tags, whatever the model was talked into calling.

A starter list of what common agents, frameworks and MCP servers call the tools that fetch, search, post and mail.
Names are compared without case and separators: `WebFetch`, `web-fetch` and `mcp__browser__web_fetch` are one.
"""

import re
from collections.abc import Collection, Iterable

EXTERNAL_TOOLS = frozenset(
    (
        # fetch
        "fetch", "fetchurl", "fetchwebpage", "webfetch", "geturl", "readurl", "openurl", "urlfetch", "httprequest",
        "httpget", "httppost", "httpfetch", "makerequest", "request", "requestsget", "requestspost", "curl", "wget",
        "scrape", "scrapeurl", "firecrawlscrape", "crawl", "crawlurl", "extracturl", "download", "downloadfile",
        # browse
        "browse", "browser", "browseropen", "browsernavigate", "browsertype", "browserfillform", "navigate", "visit",
        "visitpage", "gotourl", "openpage", "puppeteernavigate", "playwrightnavigate", "computer",
        # search
        "search", "websearch", "searchweb", "internetsearch", "googlesearch", "bingsearch", "bravesearch",
        "bravewebsearch", "bravelocalsearch", "duckduckgosearch", "ddgsearch", "tavilysearch", "tavilyextract",
        "exasearch", "serpapi", "perplexityask", "perplexitysearch", "wikipedia", "wikipediasearch",
        # mail and messages
        "mail", "email", "sendmail", "sendemail", "gmailsend", "gmailsendmessage", "createdraft", "replyemail",
        "sendmessage", "postmessage", "slackpostmessage", "slacksendmessage", "discordsendmessage", "sendsms",
        "sendtelegram", "telegramsendmessage", "teamssendmessage", "tweet", "posttweet", "createpost",
        # publish and call out
        "webhook", "callwebhook", "triggerwebhook", "upload", "uploadfile", "publish", "creategist", "createissue",
        "createpullrequest", "addissuecomment", "pastebin",
    )
)  # fmt: skip

_SEPARATORS = re.compile(r"[^a-z0-9]+")
_SERVER = re.compile(r"__|[./:]")
"""Between a server's name and its tool's."""


def external_tools(more: Iterable[str] = ()) -> frozenset[str]:
    """The starter list and whatever else somebody names, each as it is compared."""
    return EXTERNAL_TOOLS | {bare for name in more if (bare := _bare(name))}


def is_external(tool: str, names: Collection[str] = EXTERNAL_TOOLS) -> bool:
    """A tool without a name is: nobody can say that it stays inside. `names`: as `external_tools` gives them."""
    bare = _bare(tool)
    return not bare or bare in names or _bare(_SERVER.split(tool)[-1]) in names


def _bare(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())
