//! The envelope of every answer, `{ code, data, resultMsg, errorStackTrace, requestId }`.
//! `errorStackTrace` is never read: the vendor says that it is for internal use.
//! Not here: the error of a code (`client/outcome.rs`).

use super::scalars::{integer_of, text_of};
use crate::json::Value;
use crate::schema::envelope as names;

/// The envelope of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Envelope {
    /// `code`, as a number or as text; `None` if absent, as in the answer of a gateway.
    pub code: Option<i64>,
    /// `data`; null if absent.
    pub data: Value,
    /// `resultMsg`; other services of the vendor call it `msg` or `message`.
    pub message: Option<String>,
    /// `requestId`, from later servers.
    pub request_id: Option<String>,
}

impl Envelope {
    /// Reads the envelope of a body; `None` if the body is not an object.
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
