// One request with a fault of the sandbox, and what the client makes of it.
import {
  ByrobotClient,
  CallTable,
  isByrobotError,
  type ByrobotError,
  type ErrorCode,
  type RetryEvent,
} from "byrobot-calls/streaming";
import type { SandboxFault } from "byrobot-calls/sandbox";
import { clientOptions } from "../client";

/** The error that each fault ends with when every attempt meets it; null: the client copes with it. */
export const errorOf: Record<SandboxFault, ErrorCode | null> = {
  network: "network",
  timeout: "timeout",
  http500: "server",
  http429: "rate_limited",
  html200: "not_json",
  truncated: "network",
  empty: "not_json",
  vendor500: "server",
  clockSkew: "clock_skew",
  shiftRows: null,
  duplicateRows: null,
  oddFields: null,
  ignoreIndex: null,
};

/** What happened. */
export interface Trial {
  /** Requests that were sent. */
  readonly attempts: number;
  /** The failed attempts that another one followed. */
  readonly retries: readonly Pick<RetryEvent, "attempt" | "delayMs" | "error">[];
  /** The error of the call; null: it succeeded. */
  readonly error: ByrobotError | null;
  /** For a list: calls read with the fault and without it, each counted once. */
  readonly calls: {
    readonly read: number;
    readonly expected: number;
    readonly same: boolean;
  } | null;
}

/**
 * Sends a request with a fault. `everyAttempt`: the retries meet it, too. Lists are read from a task that has calls,
 * `callJobId`. Waits are short, so that nobody waits for a minute.
 */
export async function tryFault(
  fault: SandboxFault,
  {
    everyAttempt,
    companyId,
    callJobId,
  }: { everyAttempt: boolean; companyId: number; callJobId: number | null },
): Promise<Trial> {
  let attempts = 0;
  const retries: Trial["retries"][number][] = [];
  const isList = errorOf[fault] === null;
  const client = new ByrobotClient({
    ...clientOptions.value,
    timeout: 1500,
    retry: { attempts: 3, minDelay: 200, maxDelay: 400 },
    // Called for each attempt.
    headers: (): Record<string, string> => {
      attempts += 1;
      return everyAttempt || isList || attempts === 1 ? { "x-sandbox-fault": fault } : {};
    },
    onRetry: ({ attempt, delayMs, error }) => retries.push({ attempt, delayMs, error }),
  });
  let calls: Trial["calls"] = null;
  let error: ByrobotError | null = null;
  try {
    if (isList && callJobId !== null) calls = await readTwice(client, fault, callJobId);
    else await client.getTasks({ companyId, pageSize: 10 });
  } catch (thrown) {
    if (!isByrobotError(thrown)) throw thrown;
    error = thrown;
  }
  return { attempts, retries, error, calls };
}

/** Reads the calls of a task with the fault, and without it. */
async function readTwice(
  client: ByrobotClient,
  fault: SandboxFault,
  callJobId: number,
): Promise<Trial["calls"]> {
  using read = new CallTable();
  using expected = new CallTable();
  const mode = fault === "ignoreIndex" ? "cursor" : "walk";
  await client.syncDoneCalls(read, { callJobId }, { mode });
  await new ByrobotClient(clientOptions.value).syncDoneCalls(expected, { callJobId });
  const rows = (table: CallTable) =>
    JSON.stringify(table.rows({ sortBy: "callInstanceId" }).map(({ extra: _, ...known }) => known));
  return { read: read.length, expected: expected.length, same: rows(read) === rows(expected) };
}
