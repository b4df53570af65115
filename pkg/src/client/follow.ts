// `follow`: synchronises a table again and again. Not here: a synchronisation (sync.ts, tasks-sync.ts).
import type { SyncReport } from "./sync-options.js";
import type { TasksSyncReport } from "./tasks-sync.js";
import type { TableChange } from "../table/changes.js";
import type { CallTable } from "../table/table.js";
import { invalidArgument, isByrobotError } from "../wasm/errors.js";
import { hooked } from "../wasm/hook.js";

/** Options of `follow`, beside those of each synchronisation. `signal` ends it. */
export interface FollowOptions<Report extends SyncReport = SyncReport> {
  /** Milliseconds from the end of a synchronisation to the next one, from 1000. Default 30 000. */
  interval?: number | undefined;
  /** By which part of it a wait may be shorter, 0–1, so that many pages do not ask together. Default 0.1. */
  jitter?: number | undefined;
  /** Called after each synchronisation. */
  onReport?(report: Report): void;
  /** Called after each change of the table, as a listener of `table.subscribe`. */
  onChange?(change: TableChange): void;
  /**
   * Called when a synchronisation, or one task of it, has failed. The next one follows after twice the time, and so on
   * up to five minutes, or after `Retry-After`. Without this hook the console shows the error.
   */
  onError?(error: Error): void;
  /** Called when `state` has changed. */
  onState?(state: FollowState): void;
}

/**
 * - `syncing`: a synchronisation is under way
 * - `waiting`: the next one follows after the interval
 * - `paused`: the page is hidden or offline
 * - `stopped`: it has ended
 */
export type FollowState = "syncing" | "waiting" | "paused" | "stopped";

/** A table that is kept up to date. */
export interface Follow {
  /** What it does now. */
  readonly state: FollowState;
  /**
   * When the last synchronisation that succeeded began, as milliseconds of `Date.now()`; `null` before. The table has all
   * calls that were listed then.
   */
  readonly syncedAt: number | null;
  /**
   * What the last synchronisation has failed with, or a task of it; `null` if it has succeeded. It changes only together
   * with `state`.
   */
  readonly error: Error | null;
  /**
   * Calls a listener after each change of `state`, as `onState`.
   *
   * @returns A function that ends the subscription.
   */
  subscribe(listener: () => void): () => void;
  /** Synchronises now, unless that is under way, or it is paused or stopped. */
  refresh(): void;
  /** Ends it, also a synchronisation under way. The table stays valid. */
  stop(): void;
  /** `stop()` for `using`. */
  [Symbol.dispose](): void;
}

/** Longest wait after errors, unless the interval is longer. */
const PATIENCE = 300_000;

/** Longest timer, in milliseconds: after each one the clock is read, because a machine may sleep. */
const TICK = 15_000;

/** Follows by calling `synchronise`. @internal */
export function followed<Report extends SyncReport | TasksSyncReport>(
  table: CallTable,
  synchronise: (signal: AbortSignal) => Promise<Report>,
  options: FollowOptions<never> & { signal?: AbortSignal | undefined } = {},
): Follow {
  const { signal, onChange } = options;
  const interval = options.interval ?? 30_000;
  const jitter = options.jitter ?? 0.1;
  if (!(Number.isInteger(interval) && interval >= 1000 && interval <= 2_147_483_647)) {
    throw invalidArgument("interval", "expected whole milliseconds from 1000");
  }
  if (!(typeof jitter === "number" && jitter >= 0 && jitter <= 1)) {
    throw invalidArgument("jitter", "expected a number from 0 to 1");
  }
  for (const name of ["onReport", "onChange", "onError", "onState"] as const) {
    if (options[name] != null && typeof options[name] !== "function") {
      throw invalidArgument(name, "expected a function");
    }
  }
  const unsubscribe = onChange && table.subscribe((change) => options.onChange?.(change));

  let state: FollowState = "paused";
  let syncedAt: number | null = null;
  let error: Error | null = null;
  const listeners = new Set<() => void>();
  let failures = 0;
  /** The moment from which `delay` counts, by the clock of the machine. */
  let from = 0;
  let delay = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;

  const enter = (next: FollowState) => {
    if (next === state) return;
    state = next;
    hooked(() => options.onState?.(next));
    for (const listener of [...listeners]) hooked(listener);
  };
  const failed = (reason: unknown) => {
    const { onError } = options;
    hooked(() => (onError ?? console.error).call(options, reason as Error));
  };
  /** Waits, after errors longer; not less than the server wants. */
  const wait = (least = 0) => {
    const longest = Math.min(interval * 2 ** failures, Math.max(interval, PATIENCE));
    delay = Math.max(longest * (1 - jitter * Math.random()), least);
  };

  const attempt = async (run: AbortController) => {
    const begun = Date.now();
    try {
      const report = await synchronise(run.signal);
      const broken = "failed" in report ? report.failed : [];
      const isFailure = broken.length > 0 && broken.length === (report as TasksSyncReport).tasks;
      failures = isFailure ? failures + 1 : 0;
      if (!isFailure) syncedAt = begun;
      error = broken[0]?.error ?? null;
      wait();
      hooked(() => options.onReport?.(report as never));
      for (const each of broken) failed(each.error);
    } catch (reason) {
      if (run.signal.aborted) return;
      failures += 1;
      error = reason as Error;
      // For good: an abort of the client, an error of the caller's functions, a freed table, a failure of the module.
      if (!isByrobotError(reason) || ["invalid_argument", "internal"].includes(reason.code)) stop();
      else wait(reason.retryAfterMs ?? 0);
      failed(reason);
    }
  };
  /** Does what is due: by a timer, by an event of the page, or after a synchronisation. */
  const look = () => {
    if (state === "stopped" || current !== undefined) return;
    clearTimeout(timer);
    if (isAway()) return enter("paused");
    const past = Date.now() - from;
    // A clock that was set back says nothing about the time that has passed.
    if (past >= 0 && past < delay) {
      timer = setTimeout(look, Math.min(delay - past, TICK));
      return enter("waiting");
    }
    const run = (current = new AbortController());
    enter("syncing");
    void attempt(run).then(() => {
      current = undefined;
      from = Date.now();
      look();
    });
  };
  const offline = () => {
    if (!isOffline()) return;
    // What is interrupted is due when the page is back.
    delay = 0;
    current?.abort();
    look();
  };
  const refresh = () => {
    if (current === undefined) delay = 0;
    look();
  };
  const stop = () => {
    if (state === "stopped") return;
    clearTimeout(timer);
    unsubscribe?.();
    signal?.removeEventListener("abort", stop);
    for (const [target, name, listener] of events) target?.removeEventListener?.(name, listener);
    enter("stopped");
    current?.abort();
  };

  const page = globalThis.document as Document | undefined;
  // A cast: Node has no events here.
  const here = globalThis as Partial<EventTarget>;
  const events: [Partial<EventTarget> | undefined, string, () => void][] = [
    [page, "visibilitychange", look],
    [here, "online", look],
    [here, "offline", offline],
  ];
  for (const [target, name, listener] of events) target?.addEventListener?.(name, listener);
  signal?.addEventListener("abort", stop);
  // Later, so that the caller has the follow when its hooks are called.
  void Promise.resolve().then(look);

  return {
    get state() {
      return state;
    },
    get syncedAt() {
      return syncedAt;
    },
    get error() {
      return error;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    refresh,
    stop,
    [Symbol.dispose]: stop,
  };
}

const isOffline = (): boolean => (globalThis.navigator as Navigator | undefined)?.onLine === false;

const isAway = (): boolean =>
  isOffline() || (globalThis.document as Document | undefined)?.visibilityState === "hidden";
