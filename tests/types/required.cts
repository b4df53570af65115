// The entry points as CommonJS imports them.
import calls = require("byrobot-calls");
import alerts = require("byrobot-calls/alerts");
import clientEntry = require("byrobot-calls/client");
import node = require("byrobot-calls/node");
import sandbox = require("byrobot-calls/sandbox");
import server = require("byrobot-calls/server");
import streaming = require("byrobot-calls/streaming");
import tableEntry = require("byrobot-calls/table");

export const client: calls.ByrobotClient = new streaming.ByrobotClient({ baseUrl: "/" });
export const ofClient: calls.ByrobotClient = new clientEntry.ByrobotClient({ baseUrl: "/" });
export const ofTable: calls.CallTable = new tableEntry.CallTable();
export const pretended: Promise<sandbox.Sandbox> = sandbox.createSandbox();
export const report: alerts.AlertReport = alerts.evaluateAlerts(new calls.CallTable(), {
  now: new Date(),
  tasks: [],
});
export const store: calls.CallStore = node.fileStore("calls");
export const proxy: (request: Request) => Promise<Response> = server.createProxy({
  appKey: "key",
  appSecret: "secret",
  authorize: () => false,
});
