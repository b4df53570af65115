//! Builds failed and corrupted responses. Not here: which fault applies to a request (`fault.rs`), other spellings of
//! an answer (`wire_variants.rs`).

use serde_json::Value;

use crate::endpoint::envelope::refuse;
use crate::endpoint::failure::Failure;
use crate::fault::{AppliedFault, Fault};
use crate::http::{Response, TransportFault};
use crate::wire_variants;

/// How far the `Date` header is ahead under `clockSkew`.
const SKEW_MS: i64 = 5 * 60 * 1000;

/// A servlet container's error page. A client must not show any part of it.
const ERROR_PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>HTTP Status 500 – Internal \
Server Error</title></head><body><h1>HTTP Status 500 – Internal Server Error</h1><hr/><p><b>Type</b> \
Exception Report</p><p><b>Exception</b></p><pre>java.lang.NullPointerException\n\tcom.byrobot.openapi\
.controller.TaskController.query(TaskController.java:118)\n\torg.springframework.web.servlet\
.DispatcherServlet.doDispatch(DispatcherServlet.java:1039)\n</pre><hr/><h3>Apache Tomcat/9.0.16</h3>\
</body></html>";

const LOGIN_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>\
登录</title></head><body><form action=\"/login\" method=\"post\"><input name=\"username\"><input \
name=\"password\" type=\"password\"><button>登录</button></form></body></html>\n";

const HTML: &str = "text/html;charset=UTF-8";
const JSON: &str = "application/json;charset=UTF-8";

/// The response that replaces the answer; `None` if no fault replaces it.
pub(crate) fn replacement(applied: &AppliedFault) -> Option<Response> {
    Some(match applied.failure? {
        Fault::Network => Response::transport_fault(TransportFault::Network),
        Fault::Timeout => Response::transport_fault(TransportFault::Timeout),
        Fault::Http500 => Response::new(500, HTML, ERROR_PAGE),
        Fault::Http429 => Response::new(429, JSON, r#"{"message":"Too Many Requests"}"#)
            .with_header("retry-after", "1"),
        Fault::Html200 => Response::new(200, HTML, LOGIN_PAGE),
        Fault::Empty => Response::new(200, JSON, ""),
        Fault::Vendor500 => refuse(&Failure::unknown()),
        Fault::ClockSkew => refuse(&Failure::clock("datetime")),
        // These change the answer.
        Fault::Truncated
        | Fault::ShiftRows
        | Fault::DuplicateRows
        | Fault::OddFields
        | Fault::IgnoreIndex => return None,
    })
}

/// The error of the `Date` header, in milliseconds.
pub(crate) fn skew_ms(applied: &AppliedFault) -> i64 {
    if applied.failure == Some(Fault::ClockSkew) { SKEW_MS } else { 0 }
}

/// Applies the faults that change an answer. Rows of a refusal cannot change, because it has none.
pub(crate) fn corrupt(applied: &AppliedFault, mut response: Response) -> Response {
    let duplicates = applied.changes(Fault::DuplicateRows);
    let respelled = applied.changes(Fault::OddFields);
    if (duplicates || respelled)
        && let Ok(mut envelope) = serde_json::from_slice::<Value>(&response.body)
        && envelope.get("data").is_some_and(|data| !data.is_null())
    {
        if duplicates {
            duplicate_rows(applied, &mut envelope);
        }
        if respelled {
            wire_variants::respell(
                &mut envelope,
                &mut applied.draw(Fault::OddFields as u64 + ROWS),
            );
        }
        response.body = envelope.to_string().into_bytes();
    }
    if applied.failure == Some(Fault::Truncated) {
        response.body.truncate(response.body.len() / 2);
    }
    response
}

/// Offset of the streams that change rows. Streams below it decide whether a fault applies.
const ROWS: u64 = 100;

/// The first row and about every fourth row appear twice, like the result of a join after the page was cut. No row is
/// removed: a client that reads the page again would miss it.
fn duplicate_rows(applied: &AppliedFault, envelope: &mut Value) {
    let mut draw = applied.draw(Fault::DuplicateRows as u64 + ROWS);
    let Some(page) = envelope.get_mut("data").and_then(Value::as_object_mut) else { return };
    let Some(Value::Array(rows)) = page.get_mut("list") else { return };
    let mut duplicated = Vec::new();
    for row in rows.drain(..) {
        if duplicated.is_empty() || draw.chance(250) {
            duplicated.push(row.clone());
        }
        duplicated.push(row);
    }
    let size = duplicated.len();
    *rows = duplicated;
    if let Some(size_field) = page.get_mut("size") {
        *size_field = size.into();
    }
}
