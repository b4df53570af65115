// Parses the flag `--fault` into options of a sandbox. Not here: the faults (sandbox/faults.ts).
import { checkFault, checkRule, type SandboxRule } from "../sandbox/faults.js";
import type { SandboxOptions } from "../entry/sandbox.js";

/**
 * Parses the texts: `timeout=0.05` is a probability, `http500@queryDoneTaskPhones?pageNum=2#3` a rule. Only the
 * fault of a rule is required.
 *
 * @throws {TypeError | RangeError} The message quotes the invalid text.
 */
export function faultOptions(texts: string[]): Pick<SandboxOptions, "faults" | "script"> {
  const faults: NonNullable<SandboxOptions["faults"]> = {};
  const script: SandboxRule[] = [];
  for (const text of texts) {
    const place = `--fault ${text}`;
    const [, name, share] = /^([^=?#@]*)=(.*)$/.exec(text) ?? [];
    if (name === undefined || share === undefined) {
      script.push(rule(place, text));
      continue;
    }
    const fault = checkFault(place, name);
    const probability = /^(\d+\.?\d*|\.\d+)$/.test(share) ? Number(share) : NaN;
    if (!(probability <= 1)) {
      throw new RangeError(`${place}: a probability is a number from 0 to 1, such as 0.05`);
    }
    if (faults[fault] !== undefined) throw new RangeError(`${place}: ${fault} is given twice`);
    faults[fault] = probability;
  }
  return { faults, script };
}

function rule(place: string, text: string): SandboxRule {
  const parts = /^([^@?#]*)(?:@([^?#]*))?(?:\?pageNum=(\d+))?(?:#(\d+))?$/.exec(text);
  if (parts === null) {
    const examples = "timeout=0.05 and http500@queryDoneTaskPhones?pageNum=2#3";
    throw new TypeError(`${place} is neither a probability nor a rule, such as ${examples}`);
  }
  const [, fault, endpoint, pageNum, nth] = parts;
  const number = (digits: string | undefined) =>
    digits === undefined ? undefined : Number(digits);
  return checkRule(place, { fault, endpoint, pageNum: number(pageNum), nth: number(nth) });
}
