//! The envelope around every answer, `{ code, data, resultMsg, errorStackTrace, requestId }`.
//! Not here: which error a code means (`client/outcome.rs`). `errorStackTrace` is never read: the
//! vendor says it is for internal use.

use super::scalars::{integer_of, text_of};
use crate::json::Value;
use crate::schema::envelope as names;

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
                (names::CODE, value) => envelope.code = integer_of(&value),
                (names::DATA, value) => envelope.data = value,
                (names::MESSAGE, Value::Text(text)) => envelope.message = Some(text),
                (names::REQUEST_ID, value) => envelope.request_id = text_of(&value),
                (key, Value::Text(text)) if names::OTHER_MESSAGES.contains(&key) => {
                    envelope.message = envelope.message.or(Some(text));
                }
                _ => {}
            }
        }
        Some(envelope)
    }
}
