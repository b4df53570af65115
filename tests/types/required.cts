// The doors as CommonJS has them.
import calls = require("byrobot-calls");
import sandbox = require("byrobot-calls/sandbox");
import streaming = require("byrobot-calls/streaming");

export const client: calls.ByrobotClient = new streaming.ByrobotClient({ baseUrl: "/" });
export const pretended: Promise<sandbox.Sandbox> = sandbox.createSandbox();
