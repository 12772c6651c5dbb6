"""What is wrong with a page's HTML: what the standard's own parser calls a mistake, and ids that are there twice."""

from collections import Counter

from tinyhtml5.parser import HTMLParser


def mistakes_in(page: str) -> list[str]:
    """Each with its line."""
    parser = HTMLParser(namespace_html_elements=False)
    tree = parser.parse(page)
    lines = [f"line {line}: {code} {values or ''}".strip() for (line, _), code, values in parser.errors]
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    return lines + [f"id {name} is there {count} times" for name, count in ids.items() if count > 1]
