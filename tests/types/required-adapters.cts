// The adapters as CommonJS imports them.
import calls = require("byrobot-calls");
import react = require("byrobot-calls/react");
import vue = require("byrobot-calls/vue");

export const state: react.TableState = react.useTable(() => new calls.CallTable());
export const refs: vue.TableRefs = vue.useTable(() => new calls.CallTable());
