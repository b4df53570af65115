// Entry point "byrobot-calls/node" for browsers: every function throws, because a page has no files.

function refuse(): never {
  throw new Error(
    "byrobot-calls/node needs the file system of Node, Bun or Deno. In a page, keep the calls with indexedDbStore(). " +
      'If this is a test in jsdom, give it the environment "node".',
  );
}

export { refuse as fileStore };
