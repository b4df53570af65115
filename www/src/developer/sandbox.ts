// The control of the sandbox behind the page: of the demo's, or of `npm start`'s. A real proxy has none.
import type { SandboxState } from "byrobot-calls/sandbox";
import { baseUrl, isDemo, pageFetch } from "../client";
import { keepWorld } from "../demo/world";

/** What can be changed. `now`: epoch milliseconds. */
export interface SandboxChange {
  seed: number;
  scenario?: "quiet" | "campaign";
  callsPerTask?: number;
  now: number;
  live: boolean;
}

const control = (init?: RequestInit) =>
  pageFetch(`${baseUrl.value}/sandbox/control`, { ...init, cache: "no-store" });

/** The sandbox; null: there is none, or it is not to be controlled. */
export async function readSandbox(): Promise<SandboxState | null> {
  try {
    const response = await control();
    const state: unknown = response.ok ? await response.json() : null;
    return isState(state) ? state : null;
  } catch {
    return null; // no connection, or a page of HTML
  }
}

/** Begins a new sandbox. Rejects with the reason if a value is refused. */
export async function restartSandbox(change: SandboxChange): Promise<SandboxState> {
  const response = await control({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(change),
  });
  const answer = (await response.json()) as SandboxState & { error?: string };
  if (!response.ok) throw new Error(answer.error);
  if (isDemo) keepWorld(change);
  return answer;
}

const isState = (value: unknown): value is SandboxState =>
  typeof value === "object" && value !== null && "seed" in value && "faults" in value;
