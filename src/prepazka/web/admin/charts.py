"""Charts as SVG, drawn on the server in the product's colours; each page also shows the figures as a table."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

_COLOURS = ("#2362a2", "#c2571a", "#2e7d32", "#6a3d9a", "#8a6d00", "#b01824", "#00798c", "#5c5f66")
_STYLE = {
    "background": "transparent",
    "plot_background": "transparent",
    "foreground": "#212529",
    "foreground_strong": "#212529",
    "foreground_subtle": "#545c64",
    "colors": _COLOURS,
    "opacity": "1",
    "guide_stroke_color": "#d0d6dc",
    "major_guide_stroke_color": "#d0d6dc",
    "guide_stroke_dasharray": "0",
    "major_guide_stroke_dasharray": "0",
    "font_family": "Roboto, Segoe UI, Helvetica Neue, Arial, sans-serif",
    "label_font_size": 14,
    "major_label_font_size": 14,
    "legend_font_size": 14,
    "no_data_font_size": 18,
}
_OPTIONS = {
    "js": (),  # an image runs no scripts and loads nothing
    "width": 900,
    "height": 380,
    "margin": 10,
    "margin_bottom": 50,
    "x_label_rotation": 0,
    "legend_at_bottom": True,
    "legend_at_bottom_columns": 4,
    "legend_box_size": 14,
    "truncate_legend": -1,
    "truncate_label": -1,
    "include_x_axis": True,
}
_MOST_LABELS = 12
# Characters of a label that have room where there is one label; more labels share that.
_ROOM = 110

Series = Mapping[str, Sequence[float | None]]
"""The values of each series by its name, one for each label."""


def draw_stacked_bars(labels: Sequence[str], series: Series) -> bytes:
    """Draw bars whose parts add up."""
    return _render("StackedBar", {}, _thin_labels(labels), series)


def draw_grouped_bars(labels: Sequence[str], series: Series) -> bytes:
    """Draw the bars of each label beside each other."""
    return _render("Bar", {}, _thin_labels(labels), series)


def draw_lines(labels: Sequence[str], series: Series) -> bytes:
    """Draw the figures over time; the names of lines are sentences, so two stand beside each other."""
    own = {"stroke_style": {"width": 3}, "dots_size": 4, "legend_at_bottom_columns": 2}
    return _render("Line", own, _thin_labels(labels), series)


def draw_bars(labels: Sequence[str], values: Sequence[float]) -> bytes:
    """Draw one bar for each label, in their order from the top."""
    own = {"show_legend": False, "margin_bottom": 10, "height": 60 + 34 * len(labels)}
    return _render("HorizontalBar", own, list(reversed(labels)), {"": list(reversed(values))})


def _thin_labels(labels: Sequence[str]) -> list[str]:
    """Blank so many labels that the others are readable, and shorten those that would reach into the next."""
    every = -(-len(labels) // _MOST_LABELS)
    shown = (label if place % every == 0 else "" for place, label in enumerate(labels))
    return [_shorten(label, _ROOM * every // len(labels)) for label in shown]


def _shorten(label: str, room: int) -> str:
    return label if len(label) <= room else f"{label[: room - 1].rstrip(' ,')}…"


def _render(kind: str, own: Mapping[str, object], labels: Sequence[str], series: Series) -> bytes:
    import pygal  # noqa: PLC0415 -- the start does without it; only reports and forecasts draw
    from pygal.style import Style  # noqa: PLC0415 -- the same

    chart = getattr(pygal, kind)(style=Style(**_STYLE), **(_OPTIONS | dict(own)))
    chart.x_labels = labels
    for name, values in series.items():
        chart.add(name, values)
    chart.add_xml_filter(_remove_scripts)
    drawn: bytes = chart.render()
    return drawn


def _remove_scripts(root: Element) -> Element:
    """Remove the elements for the library's own script, which our pages do not use."""
    for holder in root.iter():
        for script in [child for child in holder if str(child.tag).endswith("script")]:
            holder.remove(script)
    return root
