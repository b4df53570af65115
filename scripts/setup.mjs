// Installs what a machine needs to build and test the package; with `--build` only what the build needs. Keeps what is
// already installed. Built tools go to the user's cache folder.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { browser } from "./browser.mjs";
import {
  Failure,
  anonymousPaths,
  ask,
  cache,
  crateSources,
  hasWasmTarget,
  main,
  oldChromium,
  oldChromiumFolder,
  root,
  rustflags,
  systemRustc,
  systemToolchain,
  toolFolder,
  tools,
  wasmTarget,
} from "./toolchain.mjs";

/** Installs what building needs, and what testing needs unless `testing` is false. */
export async function setup({ testing = true } = {}) {
  if (!ask("cargo", ["--version"])) {
    throw new Failure(
      "Rust is missing: install rustup from https://rustup.rs, then run this again",
    );
  }
  // The folder they are unpacked to has to be known before anything is compiled: see anonymousPaths.
  if (crateSources().length === 0) await quietly("crates", "seconds", "cargo", ["fetch"]);
  // Three chains side by side: each waits on the network for part of its time. Debian's package
  // manager takes one caller at a time, so what needs it stands in one chain.
  const chains = [
    npmPackages(),
    wasmCompiler().then(() => testing && linters().then(browsers)),
    crateBinary("wasm-bindgen-cli").then(
      () => testing && crateBinary("wasm-pack").then(() => crateBinary("geckodriver")),
    ),
    testing && oldBrowsers(),
  ];
  const failed = (await Promise.allSettled(chains)).filter(({ reason }) => reason);
  failed.slice(1).forEach(({ reason }) => console.error(`✗ ${reason.message}`));
  if (failed.length > 0) throw failed[0].reason;
}

/** The packages of package-lock.json, unless every one of them is there in its version. */
async function npmPackages() {
  const packages = (file) => JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  const hidden = "node_modules/.package-lock.json"; // npm's own record of what it installed
  const installed = existsSync(join(root, hidden)) ? packages(hidden) : {};
  const complete = Object.entries(packages("package-lock.json")).every(
    ([path, { version, optional }]) =>
      !path.includes("node_modules/") || optional || installed[path]?.version === version,
  );
  if (!complete) await quietly("npm packages", "under a minute", "npm", ["ci"]);
}

/** A compiler for wasm: rustup's, or where that cannot be downloaded one made of Debian's. */
async function wasmCompiler() {
  if (hasWasmTarget() || (systemToolchain() && existsSync(systemToolchain()))) return;
  try {
    await quietly(wasmTarget, "seconds", "rustup", ["target", "add", wasmTarget]);
    if (hasWasmTarget()) return;
  } catch {
    console.log(`· rustup cannot add ${wasmTarget} here; taking Debian's compiler instead`);
  }
  await debianPackages("Debian's Rust with the sources of its library", [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
  ]);
  const llvm = ask(systemRustc, ["-vV"]).match(/^LLVM version: (\d+)/m)[1];
  await debianPackages("the matching linker", [`lld-${llvm}`]);
  await atomically(systemToolchain(), (folder) => standardLibrary(folder, llvm));
  // Cargo does not see that the library under what it compiled is another one now.
  rmSync(join(root, "target/wasm", wasmTarget), { recursive: true, force: true });
}

/** Clippy and rustfmt, which a minimal rustup leaves out. */
export async function linters() {
  const missing = ["clippy", "fmt"].filter((name) => !ask("cargo", [name, "--version"]));
  if (missing.length === 0) return;
  await quietly("clippy and rustfmt", "seconds", "rustup", [
    "component",
    "add",
    "clippy",
    "rustfmt",
  ]);
}

/**
 * Lays out a toolchain: Debian's programs and host library by link, the library for wasm built
 * from Debian's sources. It changes nothing outside its folder; its `bin` comes first on PATH.
 */
async function standardLibrary(folder, llvm) {
  const scratch = join(folder, "scratch");
  mkdirSync(join(scratch, "src"), { recursive: true });
  writeFileSync(join(scratch, "Cargo.toml"), '[package]\nname = "scratch"\nedition = "2021"\n');
  writeFileSync(join(scratch, "src/lib.rs"), "");
  const sources = join(ask(systemRustc, ["--print", "sysroot"]), "lib/rustlib/src/rust");
  await quietly(
    "the standard library for wasm",
    "about 2 minutes",
    join(dirname(systemRustc), "cargo"),
    ["build", "--release", "--target", wasmTarget, "-Zbuild-std=std,panic_abort,panic_unwind,test"],
    {
      cwd: scratch,
      env: {
        RUSTC: systemRustc,
        RUSTC_BOOTSTRAP: "1",
        // Without its bitcode link-time optimisation fails later.
        ...rustflags([
          "-Cembed-bitcode=yes",
          ...anonymousPaths(),
          `--remap-path-prefix=${sources}=rust`,
        ]),
        CARGO_TARGET_DIR: join(scratch, "target"),
      },
    },
  );

  const host = ask(systemRustc, ["-vV"]).match(/^host: (.+)$/m)[1];
  const hostLibraries = ask(systemRustc, ["--print", "target-libdir"]);
  const place = (...path) => {
    const full = join(folder, ...path);
    mkdirSync(dirname(full), { recursive: true });
    return full;
  };
  const built = join(scratch, "target", wasmTarget, "release/deps");
  for (const file of readdirSync(built)) {
    if (file.endsWith(".rlib") && !file.startsWith("libscratch-")) {
      renameSync(join(built, file), place("lib/rustlib", wasmTarget, "lib", file));
    }
  }
  symlinkSync(hostLibraries, place("lib/rustlib", host, "lib"));
  symlinkSync(`/usr/bin/lld-${llvm}`, place("lib/rustlib", host, "bin/rust-lld"));
  symlinkSync(join(dirname(systemRustc), "cargo"), place("bin/cargo"));
  // The wrapper finds its own folder, which is renamed when finished.
  writeFileSync(
    place("bin/rustc"),
    `#!/bin/sh\nexec ${systemRustc} --sysroot "$(dirname "$(dirname "$(readlink -f "$0")")")" "$@"\n`,
    { mode: 0o755 },
  );
  rmSync(scratch, { recursive: true });
}

/** A crate's binary, prebuilt if `cargo binstall` is here and finds one, else compiled. */
export async function crateBinary(name) {
  await atomically(toolFolder(name), async (folder) => {
    const version = tools[name];
    const what = `${name} ${version}`;
    const flags = ["--version", version, "--root", folder];
    if (ask("cargo", ["binstall", "-V"]) !== undefined) {
      // Only what the crate's own authors publish.
      const prebuilt = ["--no-confirm", "--strategies", "crate-meta-data"];
      try {
        return await quietly(what, "seconds", "cargo", ["binstall", name, ...flags, ...prebuilt]);
      } catch {
        console.log(`· ${what} is not to be had prebuilt`);
      }
    }
    // Not `--locked`: the locks of these crates name versions that not every registry serves.
    await quietly(what, "2 to 5 minutes", "cargo", ["install", name, ...flags], {
      env: {
        CARGO_PROFILE_RELEASE_OPT_LEVEL: "1",
        CARGO_TARGET_DIR: join(folder, "target"),
      },
    });
    rmSync(join(folder, "target"), { recursive: true });
  });
}

/** Chromium, Firefox and WebKitGTK with their drivers: the ones at hand, else Debian's. */
async function browsers() {
  const packages = {
    CHROME: "chromium",
    CHROMEDRIVER: "chromium-driver",
    FIREFOX: "firefox-esr",
    WEBKITDRIVER: "webkit2gtk-driver",
    XVFB: "xvfb",
  };
  const wanted = () => browser().missing.filter((name) => name in packages);
  if (wanted().length === 0) return;
  await debianPackages(
    "Browsers",
    wanted().map((name) => packages[name]),
  );
  if (wanted().length > 0) throw new Failure(browser().advice);
}

/** Chromium of earlier years, unpacked from npm packages that hold it. */
async function oldBrowsers() {
  for (const [version, integrity] of Object.entries(oldChromium)) {
    const what = `Chromium ${version}`;
    await atomically(oldChromiumFolder(version), async (folder) => {
      const given = [
        "pack",
        `@sparticuz/chromium@${version}`,
        "--json",
        "--pack-destination",
        folder,
      ];
      await quietly(what, "seconds", "npm", given);
      const [file] = readdirSync(folder);
      const bytes = readFileSync(join(folder, file));
      const hash = createHash("sha512").update(bytes).digest("base64");
      if (`sha512-${hash}` !== integrity) throw new Failure(`${what} is not what was expected`);
      await quietly(
        `${what} unpacked`,
        "seconds",
        "tar",
        ["-xzf", file, "package/bin/chromium.br"],
        {
          cwd: folder,
        },
      );
      const packed = join(folder, "package/bin/chromium.br");
      const program = createWriteStream(join(folder, "chromium"), { mode: 0o755 });
      await pipeline(createReadStream(packed), createBrotliDecompress(), program);
      rmSync(join(folder, "package"), { recursive: true });
      rmSync(join(folder, file));
    });
  }
}

/** Debian packages, those that are not installed yet. */
export async function debianPackages(what, names) {
  const isInstalled = (name) =>
    ask("dpkg-query", ["-W", "-f=${Status}", name]) === "install ok installed";
  const wanted = names.filter((name) => !isInstalled(name));
  if (wanted.length === 0) return;
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const [program, ...args] = [...sudo, "apt-get", "-o", "DPkg::Lock::Timeout=300"];
  if (ask(program, [...args, "--version"]) === undefined) {
    throw new Failure(
      `${what} cannot be installed from here: that takes Debian's apt-get and root.\n` +
        `Install ${names.join(", ")}; for the tests, ${browser().advice}.`,
    );
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // A machine's package lists may be missing, or older than what its mirror holds.
  await quietly("Debian's package lists", "seconds", program, [...args, "update"], { env }).catch(
    () => console.log("· Debian's package lists could not be renewed"),
  );
  const install = ["install", "-y", "--no-install-recommends", ...wanted];
  await quietly(what, "about a minute", program, [...args, ...install], { env });
}

/** Makes a folder in the cache whole or not at all, so that two set-ups at once do no harm. */
export async function atomically(target, fill) {
  if (existsSync(target)) return;
  mkdirSync(cache, { recursive: true });
  const prefix = `.${basename(target)}-`;
  for (const left of readdirSync(cache).filter((name) => name.startsWith(prefix))) {
    const old =
      Date.now() - statSync(join(cache, left), { throwIfNoEntry: false })?.mtimeMs > 3_600_000; // from a set-up cut short
    if (old) rmSync(join(cache, left), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(cache, prefix));
  try {
    await fill(folder);
    renameSync(folder, target);
  } catch (error) {
    if (!existsSync(target)) throw error; // else another set-up was quicker
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a long step: its output goes to a log, the terminal hears now and then how far it is. */
export function quietly(what, howLong, command, args, { env = {}, cwd = root } = {}) {
  mkdirSync(cache, { recursive: true });
  const log = join(cache, `${what.replace(/[^\w.]+/g, "-")}.log`);
  console.log(`· ${what}: ${howLong} (log: ${log})`);
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  return new Promise((resolve, reject) => {
    const stdio = ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio });
    const file = createWriteStream(log);
    let tail = "";
    const heard = (data) => {
      file.write(data);
      tail = (tail + data).slice(-4000);
    };
    child.stdout.on("data", heard);
    child.stderr.on("data", heard);
    const heartbeat = setInterval(() => {
      const last = tail.trimEnd().split("\n").at(-1).trim();
      console.log(`  ${what}, ${seconds()}: ${last.slice(0, 80)}`);
    }, 20_000);
    child.on("error", (error) => heard(error.message));
    child.on("close", (code) => {
      clearInterval(heartbeat);
      file.end();
      if (code === 0) {
        console.log(`✓ ${what}, ${seconds()}`);
        resolve();
      } else {
        reject(new Failure(`${what} failed; the end of ${log}:\n${tail}`));
      }
    });
  });
}

await main(import.meta.url, (args) => setup({ testing: !args.includes("--build") }));
