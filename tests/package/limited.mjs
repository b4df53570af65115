// WebAssembly modules with little memory. Not here: expectations.

/** A number as WebAssembly writes it, seven bits a byte. */
const leb = (number) => (number < 128 ? [number] : [(number % 128) | 128, ...leb(number >> 7)]);

/** A module with at most so many pages of 64 kB. */
export function limited(wasm, pages) {
  let at = 8;
  const number = () => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = wasm[at++];
      value += (byte & 127) * 2 ** shift;
      shift += 7;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const start = at;
    const id = wasm[at++];
    const length = number();
    if (id !== 5) {
      at += length;
      continue;
    }
    const end = at + length;
    number(); // one memory
    at += 1; // whether it has a limit already
    const content = [1, 1, ...leb(number()), ...leb(pages)];
    const section = Buffer.from([5, ...leb(content.length), ...content]);
    return Buffer.concat([wasm.subarray(0, start), section, wasm.subarray(end)]);
  }
}
