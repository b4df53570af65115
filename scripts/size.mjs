// Weighs what a page pays for the client and the call table, wasm included; says whether that is
// within the budget.
// With --write it puts the numbers into README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { Failure, main, program, root, runNode } from "./toolchain.mjs";

const budget = 100_000; // gzipped bytes

const page = `
  import { ByrobotClient, CallTable, isByrobotError, label } from "byrobot-calls";
  const client = new ByrobotClient({ baseUrl: "/" });
  try {
    const { list: [task] } = await client.getTasks({ companyId: 1 });
    const { callJobId } = task;
    console.log(await client.getTaskDetail({ companyId: 1, taskId: callJobId }));
    const { list: [call] } = await client.queryDoneTaskPhones({ callJobId });
    console.log(label("finishStatus", call.finishStatus, "en"));
    const table = new CallTable();
    table.ingest([call]);
    console.log(table.where({ finishStatus: 0 }).statistics(), table.linked({ a: { heatmap: true } }).read());
    console.log(await client.notDialedCustomerList({ taskId: callJobId }));
    console.log(await client.phoneLogInfo({ callInstanceId: call.callInstanceId }));
  } catch (error) {
    if (isByrobotError(error)) console.error(error.code);
  }
`;

await main(import.meta.url, async (options) => {
  await setup({ testing: false });
  await build();
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    stdin: { contents: page, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const code = outputFiles[0].contents;
  const sizes = {
    minified: code.length,
    gzip: gzipSync(code, { level: 9 }).length,
    brotli: brotliCompressSync(code).length,
  };
  const kilobytes = Object.values(sizes).map((bytes) => `${(bytes / 1000).toFixed(1)} kB`);
  for (const [index, form] of Object.keys(sizes).entries()) {
    console.log(`${form.padEnd(9)} ${kilobytes[index].padStart(9)}`);
  }
  if (options.includes("--write")) {
    const file = join(root, "README.md");
    const row = `| ${kilobytes.join(" | ")} |`;
    const readme = readFileSync(file, "utf8");
    writeFileSync(file, readme.replace(/^\|( *[\d.]* kB \|){3}$/m, row));
    await runNode(program("prettier"), ["--write", "--log-level", "warn", file]);
  }
  if (sizes.gzip > budget) throw new Failure(`over the budget of ${budget} bytes gzipped`);
});
