//! The envelope around every answer, `{ code, data, resultMsg, errorStackTrace, requestId }`.
//! Not here: which error a code means (`client/outcome.rs`). `errorStackTrace` is never read: the
//! vendor says it is for internal use.

use super::wire::{integer_of, text_of};
use crate::json::Value;

/// What surrounds the data of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Envelope {
    /// `code`, as a number or as text; `None` where there is none, as in a gateway's own answer.
    pub code: Option<i64>,
    /// `data`.
    pub data: Value,
    /// `resultMsg`; other services of the vendor say `msg` or `message`.
    pub message: Option<String>,
    /// `requestId`, in later documents.
    pub request_id: Option<String>,
}

impl Envelope {
    /// Takes the envelope off; `None` when `body` is no object.
    #[must_use]
    pub fn open(body: Value) -> Option<Self> {
        let Value::Object(fields) = body else { return None };
        let mut envelope = Self::default();
        for (key, value) in fields {
            match (key.as_str(), value) {
                ("code", value) => envelope.code = integer_of(&value),
                ("data", value) => envelope.data = value,
                ("resultMsg", Value::Text(text)) => envelope.message = Some(text),
                ("msg" | "message", Value::Text(text)) => {
                    envelope.message = envelope.message.or(Some(text));
                }
                ("requestId", value) => envelope.request_id = text_of(&value),
                _ => {}
            }
        }
        Some(envelope)
    }
}
