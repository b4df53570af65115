// The world of the demo's sandbox between visits: the calls that the browser keeps are of this world.
import { remembered } from "../settings/remembered";

/** What the developer drawer has chosen; a clock that runs as its distance from the present. */
interface World {
  readonly now: number;
  readonly live: boolean;
  readonly [name: string]: unknown;
}

const isWorld = (value: unknown): value is World =>
  typeof value === "object" && value !== null && "now" in value && "live" in value;

const kept = remembered("sandbox", isWorld);

export function keepWorld(world: { now: number; live: boolean }): void {
  kept.value = { ...world, now: world.live ? world.now - Date.now() : world.now };
}

/** The world of the last visit, at its present; null: the usual one. */
export function keptWorld(): World | null {
  const world = kept.value;
  return world && { ...world, now: world.live ? world.now + Date.now() : world.now };
}
