"""check_pages.py [NODE]: reads the scripts and styles of the web pages as a browser would and prints what is wrong.

Scripts are parsed by NODE where it is given; their imports and exports are all used. Styles are parsed by tinycss2; the
classes and custom properties that they name are those of the scripts.
"""

import pathlib
import re
import subprocess
import sys

import tinycss2

PAGES = pathlib.Path(__file__).resolve().parents[1] / "Sources" / "Web" / "Pages"
SCRIPTS = {file: file.read_text() for file in sorted(PAGES.rglob("*.js"))}
STYLES = {file: file.read_text() for file in sorted(PAGES.rglob("*.css"))}
# The router asks every page for it.
WANTED_OF_ALL = {"open"}


def syntax(node):
    for file, text in SCRIPTS.items():
        answer = subprocess.run(
            [node, "--input-type=module", "--check"], input=text, capture_output=True, text=True, check=False
        )
        if answer.returncode:
            lines = [line for line in answer.stderr.splitlines() if "Error" in line]
            yield file, next(iter(lines), answer.stderr.strip())


def imports():
    """Names that are brought in and not used, and those that are given out and not taken."""
    taken = set()
    for file, text in SCRIPTS.items():
        rest = re.sub(r"^import .*?;$", "", text, flags=re.M | re.S)
        for names in re.findall(r"^import \{(.*?)\} from", text, re.M | re.S):
            for name in filter(None, (name.strip() for name in names.split(","))):
                taken.add(name)
                if not re.search(rf"(?<![\w#])(?:(?<!\.)|(?<=\.\.\.)){name}\b", rest):
                    yield file, f"{name} is imported and not used"
    for file, text in SCRIPTS.items():
        for name in re.findall(r"^export (?:async )?(?:function|class|const|let) (\w+)", text, re.M):
            if name not in taken | WANTED_OF_ALL:
                yield file, f"{name} is exported and nobody imports it"


def rules(nodes):
    """All rules with declarations, those inside @media and @keyframes too, and what cannot be read."""
    for node in nodes:
        if node.type == "at-rule" and node.content is not None:
            yield from rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))
        elif node.type in ("qualified-rule", "error"):
            yield node


def styles():
    strings = " ".join(
        one or other for text in SCRIPTS.values() for one, other in re.findall(r'"([^"\n]*)"|`([^`]*)`', text)
    )
    words = set(re.findall(r"[\w-]+", strings + (PAGES / "index.html").read_text()))
    # "page-" and "line-" are put together with what follows.
    beginnings = tuple(re.findall(r"[\w-]+-(?=\$\{)", strings))
    custom = {name for text in STYLES.values() for name in re.findall(r"(--[\w-]+):", text)} | words
    for file, text in STYLES.items():
        for rule in rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)):
            if rule.type == "error":
                yield file, f"line {rule.source_line}: {rule.message}"
                continue
            seen = set()
            for part in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
                where = f"line {part.source_line}"
                if part.type != "declaration":
                    yield file, f"{where}: {getattr(part, 'message', 'this is no declaration')}"
                elif part.name in seen:
                    yield file, f"{where}: {part.name} is given twice"
                else:
                    seen.add(part.name)
            for name in re.findall(r"\.([a-zA-Z][\w-]*)", tinycss2.serialize(rule.prelude)):
                if name not in words and not name.startswith(beginnings):
                    yield file, f"line {rule.source_line}: no script makes anything of the class {name}"
        for name in re.findall(r"var\((--[\w-]+)", text):
            if name not in custom:
                yield file, f"{name} is nowhere given a value"


found = [*(syntax(sys.argv[1]) if len(sys.argv) > 1 else ()), *imports(), *styles()]
for file, sentence in found:
    print(f"{file.relative_to(PAGES.parents[2])}: {sentence}")
sys.exit(1 if found else 0)
