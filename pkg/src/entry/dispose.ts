// The symbol of `using` in engines that have none: Safari, and Chrome before 134. The build puts this name in the place
// of `Symbol.dispose`. Compilers of `using` fall back to the same symbol.

// Not `Symbol.dispose`: the build replaces that here, too.
const { dispose } = Symbol as { dispose?: symbol };

export const symbolOfUsing: symbol = dispose ?? /* @__PURE__ */ Symbol.for("Symbol.dispose");
