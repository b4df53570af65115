// The rate that is expected of a group from its peers over strata.
import type { ExpectedRate } from "./call-set.js";
import type { Group } from "./charts.js";

/** From the counts of each group in each stratum. @internal */
export function expectedRates<Key>(cells: Group<[Key, ...unknown[]]>[]): ExpectedRate<Key>[] {
  const stratumOf = ([, ...stratum]: [Key, ...unknown[]]) => JSON.stringify(stratum);
  const strata = new Map<string, { calls: number; answered: number }>();
  for (const { key, calls, answered } of cells) {
    const stratum = strata.get(stratumOf(key)) ?? { calls: 0, answered: 0 };
    strata.set(stratumOf(key), {
      calls: stratum.calls + calls,
      answered: stratum.answered + answered,
    });
  }
  const groups = new Map<
    Key,
    { calls: number; answered: number; covered: number; expected: number }
  >();
  for (const { key, calls, answered } of cells) {
    const group = groups.get(key[0]) ?? { calls: 0, answered: 0, covered: 0, expected: 0 };
    groups.set(key[0], group);
    group.calls += calls;
    group.answered += answered;
    const stratum = strata.get(stratumOf(key))!;
    const peers = stratum.calls - calls;
    if (peers === 0) continue;
    group.covered += calls;
    group.expected += (calls * (stratum.answered - answered)) / peers;
  }
  return Array.from(groups, ([key, { calls, answered, covered, expected }]) => ({
    key,
    calls,
    answered,
    answerRate: answered / calls,
    expectedRate: covered > 0 ? expected / covered : null,
    coverage: covered / calls,
  }));
}
