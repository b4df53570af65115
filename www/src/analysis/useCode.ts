// The code behind the numbers of the panels of a page with charts.
import { choiceNames, filterOf } from "./choices";
import { useAnalysis } from "./useAnalysis";
import { programOf } from "../code/programOf";
import type { ChartPanelName } from "../code/programs";

/** Gives the program of a panel, with what is chosen at that moment. */
export function useCode(): (panel: ChartPanelName) => Promise<string> {
  const { axes, choices, scope } = useAnalysis();
  return (panel) =>
    programOf(({ chartProgram }, origin) => {
      const filters = choiceNames.flatMap((name) => {
        const filter = filterOf(name, choices.value, axes.value);
        return filter === null ? [] : [[name, filter] as const];
      });
      return chartProgram(panel, {
        ...origin,
        calls: scope.value,
        filters: Object.fromEntries(filters),
        axes: axes.value,
      });
    });
}
