// Simulates a page in Node: a document with a visibility state, and a network that can go offline.
import { getEventListeners } from "node:events";

/** A page until the test ends: its document, its network, and the events of both. */
export function page(t) {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const [network, navigator] = [new EventTarget(), { onLine: true }];
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  globalThis.document = document;
  globalThis.addEventListener = network.addEventListener.bind(network);
  globalThis.removeEventListener = network.removeEventListener.bind(network);
  t.after(() => {
    delete globalThis.navigator;
    if (before) Object.defineProperty(globalThis, "navigator", before);
    for (const name of ["document", "addEventListener", "removeEventListener"]) delete globalThis[name]; // prettier-ignore
  });
  return {
    show(visibilityState) {
      document.visibilityState = visibilityState;
      document.dispatchEvent(new Event("visibilitychange"));
    },
    connect(onLine) {
      navigator.onLine = onLine;
      network.dispatchEvent(new Event(onLine ? "online" : "offline"));
    },
    listeners: () =>
      getEventListeners(document, "visibilitychange").length +
      getEventListeners(network, "online").length +
      getEventListeners(network, "offline").length,
  };
}
