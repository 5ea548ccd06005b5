"""Draw a comment's Markdown as GitHub shows it, into a PNG: for the README's picture, and to look at a change.

    python scripts/screenshot.py tests/golden/passed.md docs/images/comment.png

Needs Chromium on PATH (Debian: `apt-get install chromium`). The Markdown is read by GitHub's own
parser, cmark-gfm; its stylesheet is approximated, its alerts included.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

ALERTS = {
    "NOTE": ("Note", "#0969da", "ⓘ"),
    "TIP": ("Tip", "#1a7f37", "💡"),
    "IMPORTANT": ("Important", "#8250df", "❕"),
    "WARNING": ("Warning", "#9a6700", "⚠"),
    "CAUTION": ("Caution", "#cf222e", "⛔"),
}
STYLE = """
body { margin: 0; padding: 16px; background: #fff; color: #1f2328;
  font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Helvetica, Arial, sans-serif; }
.comment { border: 1px solid #d1d9e0; border-radius: 6px; }
.head { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0;
  color: #59636e; }
.head b { color: #1f2328; } .head i { margin-left: 4px; padding: 0 6px; border: 1px solid #d1d9e0; border-radius: 99px;
  font: 12px/18px inherit; font-style: normal; font-size: 12px; }
.body { padding: 16px; } .body > :first-child { margin-top: 0; } .body > :last-child { margin-bottom: 0; }
p, table, details, ul, pre, .alert { margin: 0 0 16px; }
h3 { margin: 24px 0 16px; font-size: 17.5px; line-height: 1.25; }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse; }
th, td { padding: 6px 13px; border: 1px solid #d1d9e0; } tr:nth-child(2n) { background: #f6f8fa; }
th { font-weight: 600; }
code { padding: .2em .4em; border-radius: 6px; background: rgba(129, 139, 152, .12);
  font: 85% ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", monospace; white-space: break-spaces; }
pre { padding: 16px; border-radius: 6px; background: #f6f8fa; overflow: auto; }
pre code { padding: 0; background: none; white-space: pre; }
a { color: #0969da; } sub { font-size: 75%; line-height: 0; } ul { padding-left: 2em; }
.alert { padding: 8px 16px; border-left: .25em solid var(--alert); } .alert > :last-child { margin-bottom: 0; }
.alert .title { display: flex; gap: 8px; margin: 0 0 4px; color: var(--alert); font-weight: 500; }
"""


def render(text: str) -> str:
    """Write the Markdown as a page that looks like a comment."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_HARDBREAKS
    drawn = github_flavored_markdown_to_html(text, options)
    body = re.sub(r"<blockquote>\s*<p>\[!([A-Z]+)\](?:<br />)?\s*", _alert, drawn)
    body = body.replace("</blockquote>", "</div>")
    return (
        f'<!doctype html><meta charset="utf-8"><title></title><style>{STYLE}</style><div class="comment">'
        '<div class="head"><b>github-actions</b> <i>bot</i> commented now</div>'
        f'<div class="body">{body}</div></div>'
        "<script>document.title = document.documentElement.scrollHeight</script>"
    )


def _alert(found: re.Match[str]) -> str:
    title, color, icon = ALERTS[found[1]]
    return f'<div class="alert" style="--alert: {color}"><p class="title"><span>{icon}</span>{title}</p><p>'


def photograph(page: str, target: Path, width: int) -> None:
    """Ask Chromium for the page's height, then for its picture."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not on PATH; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "comment.html"
        file.write_text(page, encoding="utf-8")
        common = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        # A small window: the document's height is never less than the window's.
        first = [*common, f"--window-size={width},200", "--dump-dom", file.as_uri()]
        dom = subprocess.run(first, check=True, capture_output=True, text=True, timeout=120).stdout
        found = re.search(r"<title>(\d+)</title>", dom)
        if found is None:
            sys.exit("Chromium did not draw the page")
        size = ["--force-device-scale-factor=2", f"--window-size={width},{found[1]}"]
        last = [*common, *size, f"--screenshot={target.absolute()}", file.as_uri()]
        subprocess.run(last, check=True, capture_output=True, timeout=120)


def main() -> None:
    """Read the arguments and draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("comment", type=Path, help="a comment as Markdown, such as .mlgate/report.md")
    parser.add_argument("picture", type=Path, help="the PNG to write")
    parser.add_argument("--width", type=int, default=920, help="of the page, in pixels")
    parser.add_argument("--unfold", action="store_true", help="open the folded parts")
    arguments = parser.parse_args()
    text = arguments.comment.read_text(encoding="utf-8")
    if arguments.unfold:
        text = text.replace("<details>", "<details open>")
    arguments.picture.parent.mkdir(parents=True, exist_ok=True)
    photograph(render(text), arguments.picture, arguments.width)
    print(f"wrote {arguments.picture}")


if __name__ == "__main__":
    main()
