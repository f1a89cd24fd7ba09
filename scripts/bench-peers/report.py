"""The table (Markdown) and the plot (SVG) of a result of bench.py, and the documentation page that keeps them."""

import re
from pathlib import Path

import plot

PAGE = Path("Sources/Engine/Engine.docc/Benchmarks.md")
PLOTS = Path("Sources/Engine/Engine.docc")
# The sections of networks that are not in weights/.
ORIGINALS = "Originals on x86-64"
ORIGINALS_ARM = "Originals on ARM"


def summary(line: dict) -> str:
    """One line of the result for the terminal, fastest first."""
    head = f"{line['model']} {line['size']}, {_threads(line)}"
    if line["free_cores"] is not None:
        head += f" ({line['free_cores']:.1f} cores were free)"
    rows = [row for row in line["rows"].values() if "reason" not in row]
    texts = [f"\n  {row['title']:32} {row['median_ms']:8.2f} ms  {row['peak_mb']:6.1f} MB  "
             f"cold {row['cold_ms']:6.0f} ms  ratio {row['ratio']:.2f}  "
             f"processor {row['processor_ms']:7.2f} ms, ratio {row['processor_ratio']:.2f}"
             for row in sorted(rows, key=lambda row: row["median_ms"])]
    texts += [f"\n  {row['title']:32} {row['reason']}" for row in line["rows"].values() if "reason" in row]
    return head + "".join(texts)


def write(result: dict, folder: Path, root: Path | None) -> None:
    """Writes bench.md and bench.svg into `folder`, and with a `root` into the documentation there."""
    text, drawing = markdown(result), plot.engines(result)
    name, title = ("bench-originals", ORIGINALS) if result["originals"] else ("bench", "x86-64")
    (folder / f"{name}.md").write_text(text)
    (folder / f"{name}.svg").write_text(drawing)
    print(folder / f"{name}.md")
    if root:
        (root / PLOTS / f"{name}.svg").write_text(drawing)
        replace_section(root / PAGE, title, text + f"\n![Time, memory and cold start of each runtime.]({name}.svg)\n")


def write_arm(result: dict, folder: Path, root: Path | None) -> None:
    """The same for a result of arm.py."""
    text, drawing = markdown_arm(result), plot.instructions(result)
    name, title = ("bench-originals-arm", ORIGINALS_ARM) if result["originals"] else ("bench-arm", "ARM")
    (folder / f"{name}.md").write_text(text)
    (folder / f"{name}.svg").write_text(drawing)
    print(folder / f"{name}.md")
    if root:
        (root / PLOTS / f"{name}.svg").write_text(drawing)
        replace_section(root / PAGE, title, text + f"\n![Instructions per conversion of each runtime.]({name}.svg)\n")


def replace_section(page: Path, title: str, text: str) -> None:
    """Puts `text` under the page's heading `title`, up to the next heading of that level, or at the page's end."""
    old = page.read_text()
    found = re.search(rf"^## {re.escape(title)}$.*?(?=^## |\Z)", old, flags=re.MULTILINE | re.DOTALL)
    start, end = found.span() if found else (len(old), len(old))
    rest = "\n" + old[end:] if old[end:] else ""
    page.write_text(f"{old[:start].rstrip()}\n\n## {title}\n\n{text.rstrip()}\n{rest}")


def markdown(result: dict) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    parts = [
        f"{result['date']}; {result['machine']}; animesnap {result['command']}; {versions}.\n"
        f"{result['rounds']} rounds of fresh processes, {result['repeat']} pictures each."]
    for model in dict.fromkeys(line["model"] for line in result["lines"]):
        parts.append(_table(model, [line for line in result["lines"] if line["model"] == model]))
    busy = [line for line in result["lines"]
            if line["free_cores"] is not None and line["free_cores"] < 0.9 * line["threads"]]
    if busy:
        parts.append("Other programs were running: " + "; ".join(
            f"{line['model']} {line['size']} with {_threads(line)} had {line['free_cores']:.1f} free cores"
            for line in busy) + ".")
    parts += [_goals(result)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _three_digits(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _threads(line: dict) -> str:
    return "1 thread" if line["threads"] == 1 else f"{line['threads']} threads"


def _table(model: str, lines: list[dict]) -> str:
    last = lines[-1]
    heads = [f"{line['size']}, {line['threads']} thr., ms (ratio)" for line in lines]
    heads += [f"{last['size']}: peak MB", "cold start ms", "PSNR dB", "model MB"]
    texts = [f"**{model}**", "", "| runtime | " + " | ".join(heads) + " |", "|---" + "|---:" * len(heads) + "|"]
    names = sorted(last["rows"], key=lambda name: last["rows"][name].get("median_ms", 1e9))
    notes = []
    for name in names:
        rows = [line["rows"].get(name, {}) for line in lines]
        cells = [f"{_three_digits(row['median_ms'])} ({row['ratio']:.2f})" if "median_ms" in row else "-" for row in rows]
        row = rows[-1]
        if "reason" in row:
            notes.append(f"{row['title']} does not take part: {row['reason']}.")
        if not any("median_ms" in row for row in rows):
            continue
        cells += [f"{row[key]:.{digits}f}" if row.get(key) is not None else "-"
                  for key, digits in (("peak_mb", 0), ("cold_ms", 0), ("psnr_db", 1), ("model_mb", 2))]
        texts.append(f"| {row['title']} | " + " | ".join(cells) + " |")
    return "\n".join(texts + ([""] + notes if notes else []))


def _goals(result: dict) -> str:
    """Our time over that of the best of each group, at 512 with two threads."""
    small = ("litert-int8", "onnxruntime-int8", "ncnn-int8", "mnn-int8", "mnn-float32")
    goals = (0.6, 0.9, 1.2) if result["originals"] else (0.5, 0.8, 1.0)
    groups = {
        "the best of LiteRT, ONNX Runtime and ncnn in INT8 and MNN": (small, goals[0]),
        "OpenVINO INT8 with AMX off": (("openvino-int8-no-amx", "openvino-int8"), goals[1]),
        "OpenVINO at its best": (("openvino-int8", "openvino-bf16"), goals[2])}
    if result["originals"]:
        groups["ONNX Runtime float32"] = (("onnxruntime-float32",), 0.35)
    texts = []
    for line in result["lines"]:
        if (line["size"], line["threads"]) != (512, 2):
            continue
        for title, (names, goal) in groups.items():
            ratios = [line["rows"][name].get("ratio", 0) for name in names if name in line["rows"]]
            if names[0] == "openvino-int8-no-amx":
                ratios = ratios[:1]
            if any(ratios):
                texts.append(f"| {line['model']} | {title} | {max(ratios):.2f} | {goal} |")
    if not texts:
        return ""
    head = ["| 512, 2 threads: time of | over that of | measured | goal, at most |", "|---|---|---:|---:|"]
    return "\n".join(head + texts)


def markdown_arm(result: dict) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    processors = result["processors"]
    texts = [
        f"{result['date']}; animesnap {result['command']}; {versions}; {result['model']} at "
        f"{result['size']}x{result['size']}, one thread. Million instructions for one picture, and ours over theirs in "
        "brackets.", "", "| runtime | " + " | ".join(processors) + " |", "|---" + "|---:" * len(processors) + "|"]
    ours = result["rows"]["animesnap"]
    for name, row in sorted(result["rows"].items(), key=lambda item: sum(item[1].values())):
        cells = [f"{row[cpu]:.1f} ({ours[cpu] / row[cpu]:.2f})" for cpu in processors]
        texts.append(f"| {result['titles'][name]} | " + " | ".join(cells) + " |")
    notes = [f"{result['titles'][name]} does not take part: {reason}." for name, reason in result["reasons"].items()]
    return "\n".join(texts + ([""] + notes if notes else [])) + "\n"
