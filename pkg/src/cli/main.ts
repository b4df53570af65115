#!/usr/bin/env node
// The command line `byrobot-calls`: parses flags and prints results. Not here: the work of a command
// (sandbox-server.ts, proxy-command.ts).
import { readFileSync } from "node:fs";
import process from "node:process";
import { faultOptions } from "./fault-flag.js";
import {
  defined,
  explained,
  helpOf,
  messageOf,
  number,
  parse,
  UsageError,
  type Flag,
} from "./flags.js";
import { listenProxy, proxyOptions, proxyUsage } from "./proxy-command.js";
import { sandboxFaults } from "../sandbox/generated/faults.js";
import { listenSandbox, type SandboxServerOptions } from "./sandbox-server.js";
import { isLoopback } from "../server/local.js";

/** The names of the faults that fail a request, or of the others: a line for every six. */
function namesOf(fails: boolean): string {
  const names = Object.entries(sandboxFaults).flatMap(([name, does]) =>
    does === fails ? name : [],
  );
  return `  ${names.join(", ")}`.replace(/((?:\S+ ){5}\S+) /g, "$1\n  ");
}

const usage = `byrobot-calls <command>

  byrobot-calls sandbox [options]   run a mock server of BYRobot
  byrobot-calls proxy [options]     sign the requests of pages to BYRobot
  byrobot-calls --help
  byrobot-calls --version
`;

const sandboxFlags = {
  port: {
    usage: "--port N",
    kind: "number",
    help: "the port to listen at (8787; 0: any free port)",
    most: 65_535,
  },
  host: {
    usage: "--host ADDRESS",
    kind: "text",
    help: "the address to listen at (127.0.0.1); any other is open to other machines",
  },
  seed: { usage: "--seed N", kind: "number", help: "the seed of the invented tasks and calls (1)" },
  tasks: { usage: "--tasks N", kind: "number", help: "the number of tasks, at most 500 (24)" },
  callsPerTask: {
    usage: "--calls-per-task N",
    kind: "number",
    help: "the numbers of each task (from 200 to 2,000, different for each)",
  },
  scenario: {
    usage: "--scenario NAME",
    kind: "text",
    help: "a company's history in place of --tasks and --calls-per-task: quiet or campaign",
  },
  companies: {
    usage: "--company N",
    kind: "list",
    help: "the company of the tasks (1); if it is repeated, the companies get the tasks in turn",
  },
  now: {
    usage: "--now DATE",
    kind: "text",
    help: "the start of the clock, such as 2024-03-15T10:30:00+08:00 (the present)",
  },
  isStopped: {
    usage: "--no-live",
    kind: "switch",
    help: "stop the clock (it runs with the real one)",
  },
  latency: {
    usage: "--latency MS",
    kind: "text",
    help: "the time of each answer, or a range: 50-200 (0)",
  },
  faults: {
    usage: "--fault FAULT",
    kind: "list",
    help:
      "apply a fault to requests with a probability: timeout=0.05; or by a rule:\n" +
      "http500@queryDoneTaskPhones?pageNum=2#3 is the third request of page 2 of this\n" +
      "endpoint; a rule needs only the name of the fault; can be repeated",
  },
  cors: {
    usage: "--cors",
    kind: "switch",
    help: "allow pages of other origins to read the answers",
  },
  recordingBase: {
    usage: "--recording-base URL",
    kind: "text",
    help: "the base of links to recordings (the address of the request)",
  },
  control: {
    usage: "--control",
    kind: "switch",
    help: "let the page in front look at the sandbox, restart it and choose faults; this machine\nonly",
  },
  requireSignature: {
    usage: "--require-signature",
    kind: "switch",
    help: "refuse requests that are not signed",
  },
} as const satisfies Record<string, Flag>;

const sandboxVariables = [
  { usage: "$BYROBOT_APP_KEY", help: "the key that signs (DemoAppKey000000)" },
  {
    usage: "$BYROBOT_APP_SECRET",
    help: "its secret (DemoAppSecret0000000000000000); both are taken from the environment\nalone",
  },
];

const sandboxUsage = `byrobot-calls sandbox: a mock server of BYRobot, with invented tasks and calls

${helpOf([...Object.values(sandboxFlags), ...sandboxVariables])}

--fault can be repeated; docs/sandbox.md describes each fault.
Faults that fail a request:
${namesOf(true)}
Faults that change an answer:
${namesOf(false)}

The same options and the same requests give the same answers, byte for byte, faults included.
`;

async function main(args: string[]): Promise<void> {
  const [command, ...rest] = args;
  switch (command) {
    case "sandbox":
      return sandbox(rest);
    case "proxy":
      return proxy(rest);
    case "--version":
    case "-v":
      return void console.log(version());
    case "--help":
    case "-h":
    case "help":
      return void console.log(usage);
    case undefined:
      throw new UsageError(`a command is missing\n\n${usage}`);
    default:
      throw new UsageError(`there is no command ${command}\n\n${usage}`);
  }
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

async function sandbox(args: string[]): Promise<void> {
  const options = sandboxOptions(args);
  if (options === undefined) return void console.log(sandboxUsage);
  const server = await listenSandbox(options).catch((error: unknown) => {
    throw explained(error, options);
  });
  stopWith(server);
  const [company = 1] = options.companies ?? [];
  if (!isLoopback(options.host ?? "127.0.0.1")) {
    console.error(
      `warning: ${options.host} can be reached by other machines, and the sandbox answers everybody`,
    );
  }
  console.log(`The sandbox listens at ${server.url}   (Ctrl-C stops it)`);
  console.log(`  ${server.url}/openapi/v1/task/getTasks?companyId=${company}`);
}

async function proxy(args: string[]): Promise<void> {
  const options = proxyOptions(args, process.env);
  if (options === undefined) return void console.log(proxyUsage);
  const server = await listenProxy(options).catch((error: unknown) => {
    throw explained(error, options);
  });
  stopWith(server);
  console.log(`The proxy listens at ${server.url}   (Ctrl-C stops it)`);
  console.log(`  new ByrobotClient({ baseUrl }) with the address at which your page finds it`);
}

function stopWith(server: { close(): unknown }): void {
  const stop = () => void server.close();
  process.once("SIGINT", stop).once("SIGTERM", stop);
}

/** The options of the sandbox; `undefined` for `--help`. */
function sandboxOptions(args: string[]): SandboxServerOptions | undefined {
  const values = parse("sandbox", args, sandboxFlags);
  if (values === undefined) return undefined;
  const {
    port = 8787,
    now,
    isStopped = false,
    scenario,
    companies,
    latency,
    faults,
    ...given
  } = values;
  const { BYROBOT_APP_KEY: appKey, BYROBOT_APP_SECRET: appSecret } = process.env;
  if (given.control && !isLoopback(given.host ?? "127.0.0.1")) {
    throw new UsageError("--control is for this machine only: leave --host out");
  }
  return {
    port,
    now: dateOf(now),
    live: !isStopped,
    ...given,
    ...defined({
      companies: companies?.map((text) => number("company", text)),
      scenario: scenarioOf(scenario, given),
      latency: latencyOf(latency),
      ...faultsOf(faults),
      appKey,
      appSecret,
    }),
  };
}

function dateOf(text: string | undefined): Date {
  const value = text === undefined ? new Date() : new Date(text);
  if (!Number.isNaN(value.getTime())) return value;
  throw new UsageError(`--now must be a date such as 2024-03-15T10:30:00+08:00, not "${text}"`);
}

function scenarioOf(
  name: string | undefined,
  { tasks, callsPerTask }: { tasks?: number; callsPerTask?: number },
): "quiet" | "campaign" | undefined {
  if (name === undefined) return undefined;
  if (tasks !== undefined || callsPerTask !== undefined) {
    throw new UsageError("--scenario takes the place of --tasks and --calls-per-task");
  }
  if (name === "quiet" || name === "campaign") return name;
  throw new UsageError(`--scenario must be quiet or campaign, not "${name}"`);
}

function latencyOf(text: string | undefined): number | [number, number] | undefined {
  if (text === undefined) return undefined;
  const [, least, most] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (least === undefined || Number(most ?? least) < Number(least)) {
    throw new UsageError(`--latency must be milliseconds, such as 80 or 50-200, not "${text}"`);
  }
  return most === undefined ? Number(least) : [Number(least), Number(most)];
}

function faultsOf(texts: string[] | undefined): Pick<SandboxServerOptions, "faults" | "script"> {
  if (texts === undefined) return {};
  try {
    return faultOptions(texts);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UsageError ? `byrobot-calls: ${error.message}` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
