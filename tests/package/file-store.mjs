// A file store that compresses its files and sends the compressed length, as HTTP requires.
import { once } from "node:events";
import { createServer } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

const sound = Buffer.alloc(5000, "RIFF");
const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };

/** `/gzip.wav`, `/deflate.wav`, `/br.wav`, `/gzip-206.wav`, `/plain.wav`, 5000 bytes each before they are encoded. */
export async function startStore() {
  const server = createServer(({ url, method }, reply) => {
    const [, name, status = 200] = /^\/([a-z]+)(?:-(\d+))?\.wav$/.exec(url) ?? [];
    const body = encoders[name]?.(sound) ?? sound;
    reply.writeHead(Number(status), {
      "content-type": "audio/wav",
      "content-length": body.length,
      ...(encoders[name] && { "content-encoding": name }),
      ...(status !== 200 && { "content-range": `bytes 0-${body.length - 1}/${body.length}` }),
    });
    reply.end(method === "HEAD" ? undefined : body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
