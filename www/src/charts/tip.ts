// The tip of all charts: one element of the page, at the mark that is pointed at or focused.
// It is plain DOM: it follows the pointer, and no component has to know it.
import "./charts.css";

const margin = 8;
let box: HTMLElement | null = null;

/** Shows lines at a place in the window; the first one is the heading. Without lines it hides the tip. */
export function showTip(lines: readonly string[], x: number, y: number): void {
  if (lines.length === 0) return hideTip();
  box ??= created();
  box.replaceChildren(
    ...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }),
  );
  box.hidden = false;
  const { offsetWidth, offsetHeight } = box;
  const right = document.documentElement.clientWidth - offsetWidth - margin;
  const left = Math.max(margin, Math.min(x + 14, right));
  const above = y - offsetHeight - 14;
  const top = above < margin ? y + 20 : above;
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

export function hideTip(): void {
  if (box) box.hidden = true;
}

export const isTipShown = (): boolean => box !== null && !box.hidden;

function created(): HTMLElement {
  const element = document.createElement("div");
  element.className = "chart-tip";
  // Screen readers get the same words from the mark itself.
  element.setAttribute("aria-hidden", "true");
  document.body.append(element);
  addEventListener("scroll", hideTip, { capture: true, passive: true });
  addEventListener("pointerdown", hideTip, { capture: true });
  return element;
}
