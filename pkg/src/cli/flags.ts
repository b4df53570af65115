// Reads the values of flags for both commands, and reports errors in them.

/** An error that the user of the command can correct: printed without a stack, exit code 2. */
export class UsageError extends Error {}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A copy without the values that are `undefined`. */
export const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<T>;

/** The value of a flag as a whole number. */
export function number(
  flag: string,
  text: string | undefined,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new UsageError(`--${flag} must be a whole number from 0 to ${most}, not "${text}"`);
}

/** Refuses flags that look like a key: every user of the machine can read a command line. */
export function refuseSecrets(args: string[]): void {
  if (!args.some((arg) => /^--?[\w-]*(?:secret|key|token)/i.test(arg))) return;
  throw new UsageError(
    "keys and tokens are taken from the environment alone, BYROBOT_APP_KEY, BYROBOT_APP_SECRET and " +
      "BYROBOT_PROXY_TOKEN: what stands on a command line can be read by everybody on the machine",
  );
}

/** The error for a server that cannot listen, with advice. */
export function explained(
  error: unknown,
  { port, host = "127.0.0.1" }: { port?: number; host?: string },
): unknown {
  if (error instanceof RangeError) return new UsageError(messageOf(error));
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new UsageError(
        `port ${port} is in use; choose another with --port, or 0 for any free port`,
      );
    case "EACCES":
      return new UsageError(
        `port ${port} needs rights that this user does not have; choose one above 1023`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new UsageError(`${host} is not an address of this machine`);
    default:
      return error;
  }
}

export const messageOf = (error: unknown) =>
  error instanceof Error ? error.message : String(error);
