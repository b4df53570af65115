// The module that the plugin in www/code.ts makes.
declare module "virtual:code" {
  export const pieces: Readonly<Record<import("../../code").Piece, string>>;
}
