// What the commands have in common: how flags are read, and what is said of a wrong one.

/** Something the person at the terminal can mend; shown without a stack, exit code 2. */
export class UsageError extends Error {}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The values that are given. */
export const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<T>;

/** A flag's whole number. */
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

/** A failure to listen, in words that say what to do. */
export function explained(
  error: unknown,
  { port, host = "127.0.0.1" }: { port?: number; host?: string },
): unknown {
  if (error instanceof RangeError) return new UsageError(messageOf(error));
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new UsageError(`port ${port} is taken; choose another with --port, or 0 for any`);
    case "EACCES":
      return new UsageError(`port ${port} needs rights this user lacks; choose one above 1023`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new UsageError(`${host} is not an address of this machine`);
    default:
      return error;
  }
}

export const messageOf = (error: unknown) =>
  error instanceof Error ? error.message : String(error);
