"""A sheet to draw on, in inches from its upper left corner. A status has a colour, a pattern and a sign of its own, and
words beside it, so that nobody needs to tell red from green.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bot.pictures import INK, PALE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Mood = Literal["on_track", "at_risk", "off_track", "none"]
PAPER, SHADE, FAINT = "#ffffff", "#f1f5f8", "#52616e"
# Pixels: what a projector has from left to right, and what it may at most be drawn with.
ACROSS, SHARPEST = 1920, 170
POINTS = 72
# Of the size of a text: from its top to the first baseline, and on to the next.
RISE, LINE = 0.82, 1.12


class Look(NamedTuple):
    colour: str
    hatch: str
    sign: str


# Colours that hold apart also for those who see no red or green (Okabe and Ito).
LOOKS: dict[Mood, Look] = {
    "on_track": Look("#0072b2", "", "●"),
    "at_risk": Look("#e69f00", "///", "▲"),
    "off_track": Look("#b03a00", "xxx", "■"),
    "none": Look("#9aa7b1", "...", "○"),
}


class Sheet:
    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.figure: Figure = Figure(figsize=(width, height), dpi=min(SHARPEST, ACROSS / width), facecolor=PAPER)
        canvas: Any = FigureCanvasAgg(self.figure)
        self._renderer = canvas.get_renderer()
        self._axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, width), ylim=(height, 0))
        self._axes.set_axis_off()

    def png(self) -> bytes:
        file = io.BytesIO()
        self.figure.savefig(file, format="png", facecolor=PAPER)
        return file.getvalue()

    def rectangle(self, left: float, top: float, width: float, height: float, *, fill: str = PAPER) -> None:
        from matplotlib.patches import Rectangle

        self._axes.add_patch(Rectangle((left, top), width, height, facecolor=fill, edgecolor=PALE, linewidth=1))

    def line(self, *points: tuple[float, float]) -> None:
        self._axes.plot([x for x, _ in points], [y for _, y in points], color=FAINT, linewidth=1.3)

    def patch(self, left: float, top: float, width: float, height: float, mood: Mood) -> None:
        """Filled as this status is."""
        from matplotlib.patches import Rectangle

        look = LOOKS[mood]
        shape = Rectangle(
            (left, top), width, height, facecolor=look.colour, edgecolor=PAPER, hatch=look.hatch, linewidth=0
        )
        self._axes.add_patch(shape)

    def bar(self, left: float, top: float, width: float, height: float, share: float | None, mood: Mood) -> None:
        """From 0 to 1; the frame is the whole way."""
        self.rectangle(left, top, width, height, fill=SHADE)
        if share:
            self.patch(left, top, width * share, height, mood)

    def text(
        self, left: float, top: float, words: str, size: float, *, width: float, lines: int = 1, bold: bool = False,
        faint: bool = False,
    ) -> None:  # fmt: skip
        """Broken where it does not fit, and shortened after so many lines. `top` is that of the first line."""
        # By its baseline: the top of a line depends on which letters stand in it.
        for line, shown in enumerate(self.broken(words, size, width, lines, bold=bold)):
            self._axes.text(
                left, top + (RISE + LINE * line) * size / POINTS, shown, fontsize=size, color=FAINT if faint else INK,
                weight="bold" if bold else "normal", va="baseline", parse_math=False,
            )  # fmt: skip

    def broken(self, words: str, size: float, width: float, lines: int, *, bold: bool = False) -> list[str]:
        # The font has no pictures, and would write the number of what it lacks to the log.
        left = "".join(sign for sign in words if ord(sign) < 0x10000).split()
        found: list[str] = []
        while left and len(found) < lines:
            count = max((at for at in range(1, len(left) + 1) if self._fits(left[:at], size, width, bold)), default=0)
            if not count:
                head = self._head(left[0], size, width, bold)
                left[0:1] = [head, left[0][len(head) :]]
                count = 1
            found.append(" ".join(left[:count]))
            del left[:count]
        if left and found:
            last = f"{found[-1]} {left[0]}"
            found[-1] = f"{self._head(last, size, width, bold, '…').rstrip()}…"
        return found

    def _head(self, word: str, size: float, width: float, bold: bool, end: str = "") -> str:
        fits = (at for at in range(len(word), 0, -1) if self._fits([word[:at] + end], size, width, bold))
        return word[: next(fits, 1)]

    def _fits(self, words: Sequence[str], size: float, width: float, bold: bool) -> bool:
        return self._wide(" ".join(words), size, bold) <= width

    def _wide(self, words: str, size: float, bold: bool) -> float:
        from matplotlib.font_manager import FontProperties

        font = FontProperties(size=size, weight="bold" if bold else "normal")
        wide, _, _ = self._renderer.get_text_width_height_descent(words, font, ismath=False)
        return float(wide / self.figure.dpi)

    def notch(self, left: float, top: float, height: float) -> None:
        """Upright across a bar and a little beyond it."""
        self._axes.plot((left, left), (top - height * 0.2, top + height * 1.2), color=INK, linewidth=2.2)

    def legend(self, left: float, top: float, words: Sequence[tuple[Mood, str]], size: float = 11) -> float:
        """Where it ends."""
        for mood, word in words:
            said = f"{LOOKS[mood].sign} {word}"
            self.patch(left, top, 0.3, 0.2, mood)
            self.text(left + 0.4, top + 0.01, said, size, width=3)
            left += 0.4 + self._wide(said, size, bold=False) + 0.45
        return left
