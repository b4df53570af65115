// Reads the flags of both commands by tables of them, and reports errors in them.
import { parseArgs } from "node:util";

/** An error that the user of the command can correct: printed without a stack, exit code 2. */
export class UsageError extends Error {}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A copy without the values that are `undefined`. */
export const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<T>;

/** The values of flags, by kind; a `list` can be repeated. */
interface FlagValues {
  text: string;
  number: number;
  switch: boolean;
  list: string[];
}

/** A flag of a command. */
export interface Flag {
  /** The flag with the name of its value: `--port N`. */
  usage: string;
  kind: keyof FlagValues;
  /** Its line in the help, or several. */
  help: string;
  /** The greatest number. */
  most?: number;
}

/** The values of the flags in a table, by the names of the table. */
export type ValuesOf<Flags extends Record<string, Flag | null>> = {
  [Name in keyof Flags as Flags[Name] extends Flag ? Name : never]?: FlagValues[NonNullable<
    Flags[Name]
  >["kind"]];
};

/** Parses the arguments of a command; `undefined` for `--help`. */
export function parse<Flags extends Record<string, Flag | null>>(
  command: string,
  args: string[],
  flags: Flags,
): ValuesOf<Flags> | undefined {
  // Every user of the machine can read a command line.
  if (args.some((arg) => /^--?[\w-]*(?:secret|key|token)/i.test(arg))) {
    throw new UsageError(
      "keys and tokens are taken from the environment alone, BYROBOT_APP_KEY, BYROBOT_APP_SECRET and " +
        "BYROBOT_PROXY_TOKEN: what stands on a command line can be read by everybody on the machine",
    );
  }
  const known = Object.entries(flags).flatMap(([name, flag]) => (flag ? [{ name, ...flag }] : []));
  const options = known.map(({ usage, kind }) => [
    nameOf(usage),
    { type: kind === "switch" ? "boolean" : "string", multiple: kind === "list" } as const,
  ]);
  const help = { type: "boolean", short: "h" } as const;
  let given: Record<string, unknown>;
  try {
    given = parseArgs({ args, options: { ...Object.fromEntries(options), help } }).values;
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\nSee: byrobot-calls ${command} --help`);
  }
  if (given["help"]) return undefined;
  const values = known.flatMap(({ name, usage, kind, most }) => {
    const { [nameOf(usage)]: value } = given;
    if (value === undefined) return [];
    return [[name, kind === "number" ? number(nameOf(usage), value as string, most) : value]];
  });
  return Object.fromEntries(values) as ValuesOf<Flags>;
}

/** The name in `--name VALUE`. */
const nameOf = (usage: string): string => usage.slice(2).split(" ", 1)[0]!;

/** The lines of a help, in two columns. */
export function helpOf(rows: readonly (Pick<Flag, "usage" | "help"> | null)[]): string {
  const shown = rows.filter((row) => row !== null);
  const width = Math.max(...shown.map(({ usage }) => usage.length)) + 4;
  const lines = shown.map(({ usage, help }) => {
    const [first, ...more] = help.split("\n");
    return [`  ${usage}`.padEnd(width) + first, ...more.map((line) => " ".repeat(width) + line)];
  });
  return lines.flat().join("\n");
}

/** The value of a flag as a whole number. */
export function number(flag: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new UsageError(`--${flag} must be a whole number from 0 to ${most}, not "${text}"`);
}

/** The error for a server that cannot listen, with advice. */
export function explained(
  error: unknown,
  { port, host = "127.0.0.1" }: { port?: number; host?: string | undefined },
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
