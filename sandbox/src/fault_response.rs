//! Builds failed and corrupted responses. Not here: which fault applies to a request (`fault.rs`), other spellings of
//! an answer (`wire_variants.rs`).

use serde_json::Value;

use crate::endpoint::{Failure, refuse};
use crate::fault::{AppliedFault, Fault};
use crate::http::{Response, TransportFault};
use crate::wire_variants;

/// How far the `Date` of a vendor whose clock is off is ahead.
const SKEW_MS: i64 = 5 * 60 * 1000;

/// What a servlet container says of itself; a client must show nobody any of it.
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

/// What the client gets in place of an answer; nothing, if it gets one.
pub(crate) fn instead(met: &AppliedFault) -> Option<Response> {
    Some(match met.failure? {
        Fault::Network => Response::never(TransportFault::Network),
        Fault::Timeout => Response::never(TransportFault::Timeout),
        Fault::Http500 => Response::new(500, HTML, ERROR_PAGE),
        Fault::Http429 => {
            Response::new(429, JSON, r#"{"message":"Too Many Requests"}"#).with("retry-after", "1")
        }
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

/// How far the `Date` header is off.
pub(crate) fn skew_ms(met: &AppliedFault) -> i64 {
    if met.failure == Some(Fault::ClockSkew) { SKEW_MS } else { 0 }
}

/// The answer with what is wrong with it. A refusal has no rows to be wrong.
pub(crate) fn alter(met: &AppliedFault, mut response: Response) -> Response {
    let duplicates = met.changes(Fault::DuplicateRows);
    let odd = met.changes(Fault::OddFields);
    if (duplicates || odd)
        && let Ok(mut envelope) = serde_json::from_slice::<Value>(&response.body)
        && envelope.get("data").is_some_and(|data| !data.is_null())
    {
        if duplicates {
            duplicate_rows(met, &mut envelope);
        }
        if odd {
            wire_variants::respell(&mut envelope, &mut met.draw(Fault::OddFields as u64 + ROWS));
        }
        response.body = envelope.to_string().into_bytes();
    }
    if met.failure == Some(Fault::Truncated) {
        response.body.truncate(response.body.len() / 2);
    }
    response
}

/// Beyond the numbers of faults, by which is drawn whether they happen.
const ROWS: u64 = 100;

/// The first row and about every fourth come twice, as out of a join made after the page was cut.
/// No row is pushed out: a client that reads the page again would miss it.
fn duplicate_rows(met: &AppliedFault, envelope: &mut Value) {
    let mut draw = met.draw(Fault::DuplicateRows as u64 + ROWS);
    let Some(page) = envelope.get_mut("data").and_then(Value::as_object_mut) else { return };
    let Some(Value::Array(rows)) = page.get_mut("list") else { return };
    let mut twice = Vec::new();
    for row in rows.drain(..) {
        if twice.is_empty() || draw.chance(250) {
            twice.push(row.clone());
        }
        twice.push(row);
    }
    let size = twice.len();
    *rows = twice;
    if let Some(told) = page.get_mut("size") {
        *told = size.into();
    }
}
