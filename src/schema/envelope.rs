//! The vendor's names in the envelope around every answer.

/// What became of the request.
pub const CODE: &str = "code";
/// The `code` of an answer that is no refusal.
pub const SUCCESS: i64 = 200;
/// What was asked for.
pub const DATA: &str = "data";
/// What the vendor says of it.
pub const MESSAGE: &str = "resultMsg";
/// What other services of the vendor call that.
pub const OTHER_MESSAGES: [&str; 2] = ["msg", "message"];
/// What the vendor calls the request, in later documents.
pub const REQUEST_ID: &str = "requestId";
/// Where the vendor's program failed; for internal use.
pub const STACK_TRACE: &str = "errorStackTrace";
