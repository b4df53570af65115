// Entry point "byrobot-calls/server" for browsers: every function throws, because no page may hold the AppSecret.

function refuse(): never {
  throw new Error(
    "byrobot-calls/server is for servers: it signs with the AppSecret, which must not be in a page. " +
      "Import it where your server's code is (a route handler, an API route, a server component), " +
      "and in the page use byrobot-calls with the address of that server as baseUrl. " +
      'If this is a test of the server in jsdom, give it the environment "node".',
  );
}

export { refuse as byrobotProxy, refuse as createProxy, refuse as sign, refuse as toNodeHandler };
