// Weighs what a page pays for the client and the five calls, wasm included; fails above the budget.
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { Failure, main, root } from "./toolchain.mjs";

const budget = 85 * 1024; // gzipped bytes

const page = `
  import { ByrobotClient, isByrobotError, label } from "byrobot-calls";
  const client = new ByrobotClient({ baseUrl: "/" });
  try {
    const { list: [task] } = await client.getTasks({ companyId: 1 });
    const { callJobId } = task;
    console.log(await client.getTaskDetail({ companyId: 1, taskId: callJobId }));
    const { list: [call] } = await client.queryDoneTaskPhones({ callJobId });
    console.log(label("finishStatus", call.finishStatus, "en"));
    console.log(await client.notDialedCustomerList({ callJobId }));
    console.log(await client.phoneLogInfo({ callInstanceId: call.callInstanceId }));
  } catch (error) {
    if (isByrobotError(error)) console.error(error.code);
  }
`;

await main(import.meta.url, async () => {
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
  for (const [form, bytes] of Object.entries(sizes)) {
    console.log(
      `${form.padEnd(9)} ${String(bytes).padStart(8)} bytes  ${(bytes / 1024).toFixed(1)} KB`,
    );
  }
  if (sizes.gzip > budget) throw new Failure(`over the budget of ${budget} bytes gzipped`);
});
