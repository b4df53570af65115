// A chart of bars: press one, or draw over several, to choose them.
import { BarChart as Bars } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { type PointerEvent, useEffect, useRef } from "react";

use([Bars, GridComponent, SVGRenderer]);

export function BarChart<Key>({
  title,
  bars,
  onChoose,
}: {
  title: string;
  bars: { key: Key; name: string; calls: number; isChosen: boolean }[];
  onChoose: (keys: Key[] | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  useEffect(() => {
    const made = (chart.current = init(box.current, null, { renderer: "svg" }));
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current!.setOption({
      animation: false,
      grid: { left: 0, right: 0, top: 24, bottom: 0 },
      xAxis: {
        data: bars.map(({ name }) => name),
        axisTick: { show: false },
        axisLabel: { interval: 0, fontSize: 10, width: 58, overflow: "break" },
      },
      yAxis: { show: false },
      series: {
        type: "bar",
        label: { show: true, position: "top", fontSize: 11 },
        data: bars.map(({ calls, isChosen }) => ({
          value: calls,
          itemStyle: { color: isChosen ? "#3b6fd4" : "#c9d4e8" },
        })),
      },
    });
  });

  const first = useRef(0);
  /** The bar under the pointer. */
  function barAt({ clientX, currentTarget }: PointerEvent) {
    const { left } = currentTarget.getBoundingClientRect();
    const bar = Number(chart.current!.convertFromPixel({ xAxisIndex: 0 }, clientX - left));
    return Math.min(Math.max(bar, 0), bars.length - 1);
  }
  function press(event: PointerEvent) {
    first.current = barAt(event);
    draw(event);
  }
  function draw(event: PointerEvent) {
    if (event.buttons === 0) return;
    const last = barAt(event);
    const chosen = bars.slice(Math.min(first.current, last), Math.max(first.current, last) + 1);
    onChoose(chosen.map(({ key }) => key));
  }

  return (
    <section aria-label={title}>
      <div className="bar">
        <h2>{title}</h2>
        {bars.some(({ isChosen }) => !isChosen) && (
          <button onClick={() => onChoose(null)}>All</button>
        )}
      </div>
      <div ref={box} className="chart" onPointerDown={press} onPointerMove={draw} />
    </section>
  );
}
