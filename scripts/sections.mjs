// Changes sections of WebAssembly modules, which consist of an id, a length and the content. Numbers are in LEB128.
import { Failure } from "./toolchain.mjs";

/** The module with another content of a section; `change` gets the content as it is. */
export function withSection(module, id, change) {
  for (let at = 8; at < module.length;) {
    const [length, start] = readNumber(module, at + 1);
    const end = start + length;
    if (module[at] === id) {
      const content = change(module.subarray(start, end));
      const head = [module.subarray(0, at + 1), numberBytes(content.length)];
      return Buffer.concat([...head, content, module.subarray(end)]);
    }
    at = end;
  }
  throw new Failure(`the module has no section ${id}`);
}

/** The number at a position, and the position behind it. */
export function readNumber(bytes, at) {
  let value = 0;
  for (let scale = 1; ; scale *= 128, at += 1) {
    value += (bytes[at] & 127) * scale;
    if (bytes[at] < 128) return [value, at + 1];
  }
}

/** A number as bytes. */
export function numberBytes(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return Buffer.from([...bytes, number]);
}
