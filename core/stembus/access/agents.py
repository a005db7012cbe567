"""What a browser calls itself, in words that its owner knows again: "Firefox on Android", and nothing finer."""

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"))
LATER_BROWSERS = (("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def family(user_agent: str) -> str:
    """Return the browser and the system that a User-Agent header names, without versions; "" when it names neither."""
    browser = _first(user_agent, (*BROWSERS, *LATER_BROWSERS))
    system = _first(user_agent, SYSTEMS)
    return " on ".join(part for part in (browser, system) if part)


def _first(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if mark in text), "")
