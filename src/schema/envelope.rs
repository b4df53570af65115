//! The vendor's names in the envelope of every answer. Not here: reading it (`decode/envelope.rs`).

/// The result of the request: [`SUCCESS`], or the code of a refusal.
pub const CODE: &str = "code";
/// The `code` of a successful answer.
pub const SUCCESS: i64 = 200;
/// The requested object or page.
pub const DATA: &str = "data";
/// The vendor's message about the result.
pub const MESSAGE: &str = "resultMsg";
/// Names of the message in other services of the vendor.
pub const OTHER_MESSAGES: [&str; 2] = ["msg", "message"];
/// The vendor's id of the request, in later documents.
pub const REQUEST_ID: &str = "requestId";
/// The stack trace of the vendor's program; for internal use.
pub const STACK_TRACE: &str = "errorStackTrace";
