"""What can be said of the pages without a browser: weight, languages, contrast, and things that must not be there."""

import gzip
import json
import re

import pytest

from page_files import PAGES, embedded_files, page_files

MOST_BYTES = 60 * 1024
FILES = [file for file in PAGES.rglob("*") if file.is_file()]
SCRIPTS = {file.relative_to(PAGES): file.read_text() for file in FILES if file.suffix == ".js"}
STYLES = embedded_files()["style/pages.css"].decode()
MOST_LINES = 400
TEXTS = {file.stem: json.loads(file.read_text()) for file in sorted(PAGES.glob("languages/*.json"))}
# Languages without a plural have one form only.
WITHOUT_PLURAL = {"zh", "ja"}


def test_all_pages_weigh_less_than_60_kb_compressed():
    files = page_files()
    weights = {path: min(len(data), len(gzip.compress(data, 9, mtime=0))) for path, data in files.items()}
    print(f"page weight: {sum(weights.values())} bytes in {len(files)} files")
    assert sum(weights.values()) < MOST_BYTES, sorted(weights.items(), key=lambda pair: -pair[1])[:10]


def test_comments_that_are_not_served_begin_and_end_lines():
    for path, data in embedded_files().items():
        if path.endswith((".js", ".css")):
            text = data.decode()
            for line in text.replace("*/*", "").splitlines():
                assert "/*" not in line or line.lstrip().startswith("/*"), (path, line)
                assert "*/" not in line or line.endswith("*/"), (path, line)
            # What a text says is no comment.
            assert not [part for part in text.split("`")[1::2] if re.search(r"\n *(//|/\*)", part)], path


def test_no_file_is_long():
    lines = {file.relative_to(PAGES): file.read_bytes().count(b"\n") for file in FILES if file.suffix in (".js", ".css")}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_every_page_has_a_style_and_every_style_is_served():
    styles = {file.stem for file in PAGES.glob("style/pages/*.css")}
    assert styles == {file.stem for file in PAGES.glob("script/pages/*.js")}
    assert sum(len(file.read_bytes()) for file in PAGES.rglob("*.css")) == len(STYLES.encode())


def used_keys():
    """Keys that the scripts name, and the beginnings of those that they put together."""
    whole, beginnings = set(), set()
    for text in SCRIPTS.values():
        whole |= set(re.findall(r'"([a-z][a-z_]*[a-z])"', text))
        whole |= {f"{key}_{form}" for key in re.findall(r'sayCount\("(\w+)"', text) for form in ("one", "other")}
        beginnings |= set(re.findall(r"say\((?:[^)]*\?\? )?`([a-z_]+)\$\{", text))
    return whole, beginnings


@pytest.mark.parametrize("language", TEXTS)
def test_every_language_has_every_text(language):
    wanted = {key for key in TEXTS["en"] if not (language in WITHOUT_PLURAL and key.endswith("_one"))}
    assert set(TEXTS[language]) == wanted
    assert all(text.strip() for text in TEXTS[language].values())


@pytest.mark.parametrize("language", TEXTS)
def test_every_translation_keeps_the_places_for_values(language):
    places = lambda text: sorted(re.findall(r"\{\w+\}", text))
    wrong = [key for key, text in TEXTS[language].items() if places(text) != places(TEXTS["en"][key])]
    assert wrong == []


def test_no_text_is_unused():
    whole, beginnings = used_keys()
    assert [key for key in TEXTS["en"] if key not in whole and not key.startswith(tuple(beginnings))] == []


def test_no_text_is_missing():
    said = set()
    for text in SCRIPTS.values():
        for call in re.findall(r"\bsay\(([^;]*?)\)", text):
            said |= set(re.findall(r'"([a-z][a-z_]+)"', call.split("{")[0]))
        said |= {f"{key}_other" for key in re.findall(r'sayCount\("(\w+)"', text)}
        said |= set(re.findall(r'"(problem_\w+|page_\w+|menu_\w+)"', text))
    assert said - set(TEXTS["en"]) - {"number"} == set()
    assert len(said) > 100


def test_nothing_is_written_into_the_document_as_markup():
    for name, text in SCRIPTS.items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
        ), name


def test_no_script_or_style_is_inline_and_no_other_site_is_named():
    page = (PAGES / "index.html").read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
    for file in FILES:
        if file.suffix == ".png":
            continue
        others = [
            url for url in re.findall(r"https?://[\w./-]+", file.read_text()) if url != "http://www.w3.org/2000/svg"
        ]
        assert others == [], file
    assert "@import" not in STYLES and "url(" not in STYLES


def test_every_file_that_is_named_is_there():
    for name, text in SCRIPTS.items():
        for path in re.findall(r'(?:from|import\() ?"(\.[^"]+)"', text):
            assert ((PAGES / name).parent / path).is_file(), (name, path)
    for path in re.findall(r'(?:href|src)="/(?:assets/)?([^"]+\.\w+)"', (PAGES / "index.html").read_text()):
        assert path in page_files(), path
    for icon in json.loads((PAGES / "manifest.webmanifest").read_text())["icons"]:
        assert (PAGES / icon["src"][1:]).is_file(), icon


def luminance(color):
    digits = color.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes():
    blocks = re.findall(r":root \{([^}]*)\}", STYLES)
    light = dict(re.findall(r"--([\w-]+): (#\w+);", blocks[0]))
    return {"light": light, "dark": {**light, **dict(re.findall(r"--([\w-]+): (#\w+);", blocks[1]))}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_the_contrast_that_people_need(scheme):
    colors = palettes()[scheme]
    grounds = ["paper", "card", "petal"]
    text = [(ink, ground, 4.5) for ink in ("ink", "soft", "accent") for ground in grounds]
    text += [(ink, ground, 4.5) for ink in ("good", "bad") for ground in ("paper", "card")]
    text += [("on-accent", ground, 4.5) for ground in ("accent", "accent-hover")]
    # Edges of fields and buttons.
    text += [("edge", ground, 3) for ground in ("paper", "card")]
    measured = {(ink, ground): (round(contrast(colors[ink], colors[ground]), 2), least) for ink, ground, least in text}
    print(scheme, "least contrast of text:", min(value for value, least in measured.values() if least == 4.5))
    assert {pair: values for pair, values in measured.items() if values[0] < values[1]} == {}
