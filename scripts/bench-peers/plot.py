"""Bar charts as SVG, legible on light and on dark pages."""

from html import escape

STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.small { font-size: 11px } .title { font-weight: 600 } .number { font-size: 11px }
.page { fill: #ffffff } .line { stroke: #d0d7de } .ours { fill: #d6336c } .theirs { fill: #8c9baf }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .page { fill: #0d1117 } .line { stroke: #30363d }
.ours { fill: #f06595 } .theirs { fill: #5c6b80 }
}
</style>"""

LABELS, PANEL, GAP, ROW = 190, 190, 24, 22


def engines(result: dict) -> str:
    """Time, peak memory and cold start per runtime: the largest size and most threads of the first model."""
    line = max(
        (line for line in result["lines"] if line["model"] == result["lines"][0]["model"]),
        key=lambda line: (line["size"], line["threads"]))
    rows = {name: row for name, row in line["rows"].items() if "reason" not in row}
    names = sorted(rows, key=lambda name: rows[name]["median_ms"])
    title = f"{line['model']} at {line['size']}x{line['size']}, {line['threads']} threads, {result['date']}"
    columns = [(head, [rows[name][key] for name in names], digits) for head, key, digits in (
        ("network only, ms", "median_ms", 1), ("peak memory, MB", "peak_mb", 0), ("cold start, ms", "cold_ms", 0))]
    return chart(title, [rows[name]["title"] for name in names], columns)


def instructions(result: dict) -> str:
    """Executed instructions per conversion and processor."""
    names = list(result["rows"])
    columns = [(cpu, [result["rows"][name].get(cpu) for name in names], 0) for cpu in result["processors"]]
    title = f"{result['model']} at {result['size']}x{result['size']}: million instructions, {result['date']}"
    return chart(title, [result["titles"][name] for name in names], columns)


def chart(title: str, labels: list[str], columns: list[tuple[str, list, int]]) -> str:
    """Horizontal bars: one row per label, one panel per column (heading, values, decimals); None has no bar."""
    width = LABELS + len(columns) * (PANEL + GAP)
    height = 64 + ROW * len(labels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>", STYLE, f'<rect class="page" width="{width}" height="{height}" rx="6"/>',
        f'<text class="title" x="12" y="22">{escape(title)}</text>']
    for row, label in enumerate(labels):
        parts.append(
            f'<text class="small" x="{LABELS - 8}" y="{_y(row) + 12}" text-anchor="end">{escape(label)}</text>')
    for column, (heading, values, digits) in enumerate(columns):
        left = LABELS + column * (PANEL + GAP)
        parts.append(f'<text class="small" x="{left}" y="44">{escape(heading)}</text>')
        parts.append(f'<path class="line" d="M{left} 50V{height - 8}"/>')
        largest = max((value for value in values if value is not None), default=1)
        for row, value in enumerate(values):
            if value is None:
                continue
            # The number stands behind the bar, so the longest bar leaves room for it.
            length = max(1.0, value / largest * (PANEL - 44))
            kind = "ours" if labels[row].startswith("animesnap") else "theirs"
            parts.append(f'<rect class="{kind}" x="{left}" y="{_y(row)}" width="{length:.1f}" height="15" rx="2"/>')
            parts.append(
                f'<text class="number" x="{left + length + 5:.1f}" y="{_y(row) + 12}">{value:.{digits}f}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def _y(row: int) -> int:
    return 54 + ROW * row
