"""The files of the pages as the program has them and serves them: Sources/CPages/CPages.c says what each is made of."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "Sources" / "Web" / "Pages"
TABLE = ROOT / "Sources" / "CPages" / "CPages.c"


def embedded_files():
    """Bytes by the path below the folder of the pages, read anew each time."""
    text = TABLE.read_text()
    arrays = {
        name: b"".join((TABLE.parent / part).read_bytes() for part in re.findall(r'#embed "([^"]+)"', parts))
        for name, parts in re.findall(r"uint8_t (\w+)\[\] = \{(.*?)\};", text, re.S)
    }
    files = {path: arrays[name] for path, name in re.findall(r'FILE_AT\("([^"]+)", (\w+)\)', text)}
    return {path: data for path, data in files.items() if not path.startswith("api/")}


def page_files():
    """The same as they are served: scripts and styles without their comments, as Sources/Web/Server/PageText.swift says."""
    return {path: served(data, path) for path, data in embedded_files().items()}


def served(data, path):
    if not path.endswith((".js", ".css")):
        return data
    lines, inside = [], False
    for line in data.split(b"\n"):
        text = line.lstrip(b" ")
        if inside or text.startswith(b"/*"):
            inside = not text.endswith(b"*/")
            line = b""
        elif path.endswith(".js") and text.startswith(b"//"):
            line = b""
        lines.append(line)
    return b"\n".join(lines)
