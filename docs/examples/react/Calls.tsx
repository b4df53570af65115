// The calls that pass the filters of the charts, as a virtual table: only the rows in sight are read.
import { type DoneCall, label, maskPhone } from "byrobot-calls";
import { type LinkedState, useRows } from "byrobot-calls/react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";

const columns = {
  startTime: "Start",
  customerTelephone: "Number",
  finishStatus: "Outcome",
  duration: "Seconds",
  chatRound: "Rounds",
} satisfies { [Field in keyof DoneCall]?: string };
const fields = Object.keys(columns) as (keyof typeof columns)[];

export function Calls({ linked }: { linked: LinkedState<{}> }) {
  const [{ sortBy, descending }, setOrder] = useState({
    sortBy: "startTime" as keyof typeof columns,
    descending: true,
  });
  const box = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: linked.length,
    getScrollElement: () => box.current,
    estimateSize: () => 32,
  });
  const inSight = virtualizer.getVirtualItems();
  const page = useRows(linked, {
    offset: inSight[0]?.index ?? 0,
    limit: inSight.length,
    sortBy,
    descending,
  });
  return (
    <div ref={box} className="calls">
      <div className="row head">
        {fields.map((field) => (
          <button
            key={field}
            onClick={() => setOrder({ sortBy: field, descending: field !== sortBy || !descending })}
          >
            {columns[field]} {field !== sortBy ? "" : descending ? "↓" : "↑"}
          </button>
        ))}
      </div>
      <div style={{ height: virtualizer.getTotalSize() }}>
        <div style={{ transform: `translateY(${inSight[0]?.start ?? 0}px)` }}>
          {page.map((call) => (
            <div key={call.callInstanceId} className="row">
              <span>{call.startTime}</span>
              <span>{maskPhone(call.customerTelephone ?? "")}</span>
              <span>{label("finishStatus", call.finishStatus, "en")}</span>
              <span>{call.duration}</span>
              <span>{call.chatRound}</span>
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
