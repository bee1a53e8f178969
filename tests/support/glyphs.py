"""Which characters a page draws as an empty box."""

from playwright.async_api import Page

NO_FONT_HAS = "\U0010fffd\uf8ff"
"""Private code points: what is drawn for them is drawn for every missing one."""

BOXES = """([text, missing]) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 40;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = `24px ${getComputedStyle(document.body).fontFamily}`;
  pen.textBaseline = "top";
  const drawn = (char) => {
    pen.clearRect(0, 0, 40, 40);
    pen.fillText(char, 4, 4);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  const boxes = new Set([...missing].map(drawn));
  return [...text].filter((char) => boxes.has(drawn(char)));
}"""


async def boxes(page: Page, text: str) -> list[str]:
    """The characters of ``text`` that the page's fonts do not have."""
    found: list[str] = await page.evaluate(BOXES, [text, NO_FONT_HAS])
    return found
