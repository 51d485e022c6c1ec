"""Charts: drawn on the server as SVG, in the product's colours; each page shows the same figures as a table too."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from pygal import HorizontalBar, Line, StackedBar
from pygal.style import Style

_COLOURS = ("#2362a2", "#c2571a", "#2e7d32", "#6a3d9a", "#8a6d00", "#b01824", "#00798c", "#5c5f66")
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#212529",
    foreground_strong="#212529",
    foreground_subtle="#545c64",
    colors=_COLOURS,
    opacity="1",
    guide_stroke_color="#d0d6dc",
    major_guide_stroke_color="#d0d6dc",
    guide_stroke_dasharray="0",
    major_guide_stroke_dasharray="0",
    font_family="Roboto, Segoe UI, Helvetica Neue, Arial, sans-serif",
    label_font_size=14,
    major_label_font_size=14,
    legend_font_size=14,
    no_data_font_size=18,
)
_MOST_LABELS = 12

Series = Mapping[str, Sequence[float | None]]
"""Values by what they are of, one for each label."""


def draw_stacked_bars(labels: Sequence[str], series: Series) -> bytes:
    """Bars whose parts add up."""
    return _drawn(StackedBar(**_options()), _thinned(labels), series)


def draw_lines(labels: Sequence[str], series: Series) -> bytes:
    """How figures go."""
    return _drawn(Line(**_options(), stroke_style={"width": 3}, dots_size=4), _thinned(labels), series)


def draw_bars(labels: Sequence[str], values: Sequence[float]) -> bytes:
    """One bar a label, in their order from above."""
    chart = HorizontalBar(**_options() | {"show_legend": False, "margin_bottom": 10, "height": 60 + 34 * len(labels)})
    return _drawn(chart, list(reversed(labels)), {"": list(reversed(values))})


def _options() -> dict[str, object]:
    return {
        "style": _STYLE,
        "js": (),  # an image: nothing runs in it, nothing is fetched for it
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


def _thinned(labels: Sequence[str]) -> list[str]:
    """So many labels that they can be read; where one is left out, its bar stays."""
    every = -(-len(labels) // _MOST_LABELS)
    return [label if place % every == 0 else "" for place, label in enumerate(labels)]


def _drawn(chart: object, labels: Sequence[str], series: Series) -> bytes:
    chart.x_labels = labels  # type: ignore[attr-defined]  # the library has no types
    for name, values in series.items():
        chart.add(name, values)  # type: ignore[attr-defined]  # as above
    chart.add_xml_filter(_without_scripts)  # type: ignore[attr-defined]  # as above
    drawn: bytes = chart.render()  # type: ignore[attr-defined]  # as above
    return drawn


def _without_scripts(root: Element) -> Element:
    """What the library writes for its own script, which we do not use."""
    for holder in root.iter():
        for script in [child for child in holder if str(child.tag).endswith("script")]:
            holder.remove(script)
    return root
