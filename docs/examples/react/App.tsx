// Opens and closes the dashboard: when it closes, its table is freed.
import { useState } from "react";
import { Dashboard } from "./Dashboard";

export function App() {
  const [isOpen, setOpen] = useState(true);
  return (
    <>
      <header>
        <h1>Calls</h1>
        <button onClick={() => setOpen(!isOpen)}>{isOpen ? "Close" : "Open"}</button>
      </header>
      {isOpen && <Dashboard />}
    </>
  );
}
