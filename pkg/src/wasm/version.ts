// The version of this package, for programs and for the messages about two of them.

/** The version of this package. */
export const version = "0.1.0";
