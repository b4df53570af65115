// Errors for a log: what failed, without the data. Messages of runtimes contain addresses, and addresses
// contain parameters, telephone numbers and signed queries.

const isPlain = (value: unknown): value is string =>
  typeof value === "string" && /^[A-Za-z][\w.]{1,60}$/.test(value);

/**
 * A new error with the name, the code and the stack frames of another error, without its message.
 *
 * Deno and Bun put the address into messages and properties; Node puts the text that is not JSON there.
 */
export function withoutDetails(thrown: unknown): Error {
  let name = "Error";
  let code: string | undefined;
  let stack = "";
  let cause = thrown;
  for (let depth = 0; cause instanceof Error && depth < 5; depth += 1) {
    if (depth === 0 && isPlain(cause.name)) name = cause.name;
    // The innermost cause has the reason.
    const found = (cause as { code?: unknown }).code;
    const [system] = /os error \d+/.exec(String(cause.message)) ?? [];
    code = isPlain(found) ? found : (system ?? code);
    const [frames] = /(?:\n\s+at [^\n]*)+$/.exec(String(cause.stack)) ?? [];
    if (depth === 0) stack = frames ?? "";
    cause = cause.cause;
  }
  const error = new Error(code === undefined ? name : `${name}: ${code}`);
  error.name = name;
  error.stack = `${error.message}${stack}`;
  return code === undefined ? error : Object.assign(error, { code });
}
