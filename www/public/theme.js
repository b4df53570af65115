// Before the first paint, so that a remembered theme never flashes the other one. A file of its own, because a strict
// Content-Security-Policy runs no script that stands in the page.
try {
  const theme = JSON.parse(localStorage.getItem("byrobot-calls.theme") ?? "null");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Access is refused, or the value is not JSON: the system's theme.
}
