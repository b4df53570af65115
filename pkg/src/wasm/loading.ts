// Compiles the WebAssembly module from its source, and explains failures. Not here: the instance, and when it is
// made (instance.ts).
import { chrome, firefox, node, safari } from "./engines.json";
import { internalError, invalidArgument, reading } from "./errors.js";
import { version } from "./version.js";

/** The oldest engines that run the package. @internal */
export const engines = [
  `Chrome ${chrome}`,
  `Firefox ${firefox}`,
  `Safari ${safari}`,
  `Node ${node}`,
] as const;

/** A `WebAssembly.Module`. A project without the DOM's types does not have that name. */
export type CompiledModule = typeof globalThis extends {
  WebAssembly: { Module: { prototype: infer Module } };
}
  ? Module & object
  : never;

/** A source of the module: the address of its file, a response with it, its bytes, or the compiled module. */
export type WasmSource =
  | string
  | URL
  | Request
  | Response
  | Promise<Response>
  | ArrayBuffer
  | ArrayBufferView
  | CompiledModule;

/** Compiles the module of a source. @internal */
export async function compiled(
  source: WasmSource | Promise<BufferSource>,
): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === "undefined") throw cannotCompile(null);
  let given: unknown;
  try {
    given = await source;
  } catch (cause) {
    throw internalError(
      "byrobot-calls cannot be loaded: the promise that init() was given rejected, see cause",
      cause,
    );
  }
  const expected = "a URL, a Request, a Response, bytes or a WebAssembly.Module";
  const compileIt = reading("source", expected, () => {
    if (isA(given, "WebAssembly.Module")) return () => given as WebAssembly.Module;
    if (isA(given, "ArrayBuffer") || ArrayBuffer.isView(given)) {
      return () => compile(given as BufferSource);
    }
    if (isA(given, "Response")) return () => compileResponse(given as Response);
    if (typeof given === "string" || isA(given, "URL") || isA(given, "Request")) {
      return () => compileFile(given as string | URL | Request);
    }
    throw invalidArgument("source", `must be ${expected}`);
  });
  return compileIt();
}

/** Whether a value has a type; also if it is from another window, or a test environment has its own globals. */
const isA = (value: unknown, name: string) =>
  Object.prototype.toString.call(value) === `[object ${name}]`;

async function compileFile(file: string | URL | Request): Promise<WebAssembly.Module> {
  const address = typeof file === "object" && "url" in file ? file.url : String(file);
  const base = (globalThis.document as Document | undefined)?.baseURI ?? globalThis.location?.href;
  if (!isAddress(address, base)) {
    throw invalidArgument(
      "source",
      base === undefined
        ? "it is not a URL: outside a page it has to be whole, https://… or file:///…"
        : "it is not a URL",
    );
  }
  // Node's fetch reads no files. Bundlers for browsers do not see this import.
  const system = address.startsWith("file:")
    ? globalThis.process?.getBuiltinModule?.("node:fs/promises")
    : undefined;
  if (system === undefined) return compileResponse(await fetched(file, address));
  let bytes: BufferSource;
  try {
    bytes = await system.readFile(new URL(address));
  } catch (cause) {
    throw internalError(
      `byrobot-calls cannot be loaded: ${named(address)} cannot be read; ${remedy}`,
      cause,
    );
  }
  return compile(bytes, address);
}

/** Whether a text is a URL. `URL.canParse` is too new. */
function isAddress(address: string, base: string | undefined): boolean {
  try {
    new URL(address, base);
    return true;
  } catch {
    return false;
  }
}

async function fetched(file: string | URL | Request, address: string): Promise<Response> {
  if (typeof globalThis.fetch !== "function") {
    throw internalError(
      "byrobot-calls cannot be loaded: there is no fetch here; give init() the bytes of the file",
    );
  }
  try {
    return await globalThis.fetch(file);
  } catch (cause) {
    throw internalError(
      `byrobot-calls cannot be loaded: ${named(address)} cannot be fetched: no connection, CORS, or ` +
        "connect-src of the page's Content-Security-Policy",
      cause,
    );
  }
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  const { ok, status, url } = response;
  if (!ok) {
    throw internalError(
      `byrobot-calls cannot be loaded: no file at ${named(url)} (HTTP ${status}); ${remedy}`,
    );
  }
  if (response.bodyUsed) throw invalidArgument("source", "the body of this Response has been read");
  const type = response.headers.get("content-type") ?? "";
  // Engines compile a stream only with this type. A server that sends another type is no reason to fail.
  const streams =
    /^application\/wasm$/i.test(type) && typeof WebAssembly.compileStreaming === "function";
  if (streams) {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (cause) {
      throw cannotCompile(cause);
    }
  }
  let bytes: ArrayBuffer;
  try {
    bytes = await response.arrayBuffer();
  } catch (cause) {
    throw internalError(`byrobot-calls cannot be loaded: ${named(url)} broke off`, cause);
  }
  return compile(bytes, url, type);
}

async function compile(source: BufferSource, address = "", type = ""): Promise<WebAssembly.Module> {
  // Engines take no DataView.
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  if (![0x00, 0x61, 0x73, 0x6d].every((byte, index) => bytes[index] === byte)) {
    const said = type === "" ? "" : ` (its type is ${type})`;
    throw internalError(
      `byrobot-calls cannot be loaded: ${named(address)} is no WebAssembly${said}; ${remedy}`,
    );
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw cannotCompile(cause);
  }
}

/** The name of the module's file. */
const moduleFile = WASM_FILE.replace("./", "");

const remedy = `serve ${moduleFile} of the package and give init() its URL, or import an entry point that needs no file`;

/** The error for a module of another version or of another entry point. @internal */
export function otherFile(): Error {
  return internalError(
    `byrobot-calls cannot be loaded: this is not the ${moduleFile} of this version, ${version}, but a file of another ` +
      "version or of another entry point: serve the one that is installed, and let no cache keep an old one under its address",
  );
}

/** An address for a message, without query and fragment, which may be private. */
const named = (address: string) =>
  /^data:/i.test(address)
    ? "a data: URL"
    : address.replace(/[?#].*$/, "") || "what init() was given";

/** The name of a module for messages, and the advice for a runtime that compiles no bytes. @internal */
export interface Compiled {
  name: string;
  instead: string;
}

const client: Compiled = {
  name: "byrobot-calls",
  instead: `import byrobot-calls/${moduleFile} and give it to init()`,
};

/** The error for a module that is not compiled: it says why, and what to do. @internal */
export function cannotCompile(cause: unknown, { name, instead } = client): Error {
  const failed = (why: string) => internalError(`${name} cannot be loaded: ${why}`, cause);
  if (typeof WebAssembly === "undefined") return failed("this environment has no WebAssembly");
  const why = cause instanceof Error ? cause.message : String(cause);
  return failed(`${hint(why, instead)} (${why})`);
}

function hint(why: string, instead: string): string {
  // Chromium before 115, for a module of more than 4 kB.
  if (/disallowed on the main thread/.test(why)) {
    return "on a page's main thread this browser needs time for it: call `await init()` first, or use Chrome 115";
  }
  const old = `${engines.join(", ")} or newer is needed`;
  if (!WebAssembly.validate(vectors)) return `no vector instructions (SIMD) here: ${old}`;
  if (!makesAnything()) {
    // Only browsers have such events, and such a policy.
    if (typeof SecurityPolicyViolationEvent === "undefined") {
      return `this runtime compiles no bytes: ${instead}`;
    }
    return "the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to script-src ('unsafe-eval' before Chrome 97)";
  }
  return `the file may be damaged or the browser too old: ${old}`;
}

/**
 * Whether a valid module is compiled and instantiated. If not, a policy forbids it; each engine words that differently.
 * Under such a policy WebKit compiles and does not instantiate.
 */
function makesAnything(): boolean {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(vectors));
    return true;
  } catch {
    return false;
  }
}

/** A module with one function, () => i8x16.splat(0). */
const vectors = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b],
);
