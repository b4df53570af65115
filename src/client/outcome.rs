//! Decides whether a response is data or an error, by HTTP status and vendor code.
//! Not here: retries (`retry.rs`), the fields of the data (`decode/`).
//!
//! The vendor does not document which HTTP status belongs to which `code`. So a vendor code with an error kind
//! of its own decides first, then the HTTP status, then any other vendor code.

use super::transport::HttpResponse;
use crate::decode::Envelope;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Flaw, JsonReader, MAX_DEPTH, MAX_SAFE_INTEGER, Malformed, Value};
use crate::redact::redact;
use crate::schema::envelope::{STACK_TRACE, SUCCESS};
use crate::search::{contains, split_once};
use crate::time::http_date_ms;

/// The maximum length of the excerpt of a body in an error, in characters.
const EXCERPT: usize = 80;

/// The bytes at the beginning of a body from which the excerpt is made.
const HEAD: usize = 4096;

/// The `data` of an answer. `body` is its body, or the part that is read. `secrets` are the values of the request's
/// headers.
pub(super) fn read(
    answer: &HttpResponse,
    body: &[u8],
    secrets: &[String],
    now_ms: i64,
) -> Result<Value> {
    let success = answer.is_success();
    let mut reader = JsonReader::new(body);
    let body = reader.whole();
    let malformed = body.as_ref().err().copied();
    let envelope = body.ok().and_then(Envelope::open);
    let code = envelope.as_ref().and_then(|envelope| envelope.code);
    let kind = match code {
        Some(SUCCESS) if success => None,
        Some(code) if code != SUCCESS => {
            let otherwise = if success { ErrorKind::Vendor } else { by_status(answer.status) };
            Some(ErrorKind::from_vendor_code(code).unwrap_or(otherwise))
        }
        _ if !success => Some(by_status(answer.status)),
        _ => Some(match malformed {
            None => ErrorKind::UnexpectedShape,
            Some(malformed) if is_cut_off(&answer.body, malformed) => ErrorKind::Network,
            Some(_) => ErrorKind::NotJson,
        }),
    };
    let error = match kind {
        None => match envelope {
            Some(Envelope { ref data, .. }) if data.is_too_deep() => too_deep("data"),
            Some(Envelope { data, .. }) if data != Value::Null => return Ok(data),
            _ => Error::unexpected_shape("data", "code is 200, but there is no data"),
        },
        Some(ErrorKind::UnexpectedShape) if reader.too_deep.is_some() => too_deep("code"),
        Some(ErrorKind::UnexpectedShape) => {
            let message = format!("{NO_ENVELOPE} ({})", describe(answer, secrets));
            Error::unexpected_shape("code", &message)
        }
        Some(kind @ (ErrorKind::Network | ErrorKind::NotJson)) => {
            Error::new(kind, not_json_message(answer, malformed, secrets))
        }
        Some(kind) => Error::new(kind, refusal_message(kind, answer, code, secrets)),
    };
    let (message, request_id) =
        envelope.map_or((None, None), |envelope| (envelope.message, envelope.request_id));
    Err(error.with(|error| {
        error.status = Some(answer.status);
        error.vendor_code = code;
        error.vendor_message = message.map(|message| redact(&message, secrets));
        error.request_id = request_id;
        error.retry_after_ms = retry_after_ms(answer, now_ms);
        if let Some(text) = error.vendor_message.as_deref().filter(|text| !text.is_empty()) {
            error.message = format!("{} The server says: {text}", error.message);
        }
    }))
}

/// Whether a body is an envelope that ends early: a JSON object without its end. The connection broke, and the
/// transport did not say so: Safari's engine reports a chunked answer that was cut off as complete, and a proxy may pass
/// on what it got with a length that fits.
fn is_cut_off(body: &[u8], malformed: Malformed) -> bool {
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    malformed.flaw == Flaw::CutOff && text.trim_ascii_start().starts_with(b"{")
}

fn too_deep(path: &str) -> Box<Error> {
    Error::unexpected_shape(path, &format!("it is nested more than {MAX_DEPTH} deep"))
}

const NO_ENVELOPE: &str = "the body is JSON without the vendor's code; check baseUrl: is this the BYRobot API or a proxy of it?";

/// The kind of an HTTP status. Not the table of vendor codes: the two differ for 408 and 412, and a status that is
/// added here is no vendor code.
fn by_status(status: u16) -> ErrorKind {
    match status {
        400 => ErrorKind::RejectedParameters,
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        429 => ErrorKind::RateLimited,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Http,
    }
}

/// The message of a refusal: its meaning, and what to do.
fn refusal_message(
    kind: ErrorKind,
    answer: &HttpResponse,
    code: Option<i64>,
    secrets: &[String],
) -> String {
    let advice = match kind {
        ErrorKind::Unauthorized => {
            "not signed in, or the signature is wrong: check who signs the request"
        }
        ErrorKind::Forbidden => "this account may not do that",
        ErrorKind::NotFound => "there is no such task or call, or baseUrl is wrong",
        ErrorKind::RateLimited => "too many requests: ask less often",
        ErrorKind::ClockSkew => {
            "the signed date is more than three minutes off: correct the signer's clock"
        }
        ErrorKind::RejectedParameters => "the server does not accept these parameters",
        ErrorKind::Server => "the server failed: try again later",
        _ => "the server refused",
    };
    let status = answer.status;
    match code {
        Some(code) => format!("{advice} (HTTP {status}, vendor code {code})."),
        None => format!("{advice} ({}).", describe(answer, secrets)),
    }
}

/// The message of a body that is not JSON: what it looks like, and what to do.
fn not_json_message(
    answer: &HttpResponse,
    malformed: Option<Malformed>,
    secrets: &[String],
) -> String {
    let length = answer.body.len();
    let text = String::from_utf8_lossy(&answer.body);
    let text = text.trim_start_matches('\u{FEFF}').trim();
    let lower: String = text.chars().take(4096).map(|c| c.to_ascii_lowercase()).collect();
    let description = if text.is_empty() {
        "the answer is empty".to_owned()
    } else if lower.starts_with('<') {
        let login = ["login", "log in", "sign in", "signin", "password", "登录", "登陆", "密码"];
        if login.iter().any(|word| contains(&lower, word)) {
            "the answer is a web page that looks like a login page: sign in again, or check the proxy"
        } else {
            "the answer is a web page, not JSON: check baseUrl and the proxy"
        }
        .to_owned()
    } else {
        match malformed {
            Some(Malformed { offset, flaw: Flaw::Syntax }) => {
                format!("the answer is not JSON: it goes wrong at byte {offset} of {length}")
            }
            _ => format!("the answer is cut off after {length} bytes"),
        }
    };
    format!("{description} ({}).", describe(answer, secrets))
}

/// Status, content type, and the beginning of the body.
fn describe(answer: &HttpResponse, secrets: &[String]) -> String {
    let content_type = answer.content_type.as_deref().unwrap_or("no content type");
    let summary = format!("HTTP {}, {content_type}", answer.status);
    let excerpt = excerpt(&answer.body, secrets);
    if excerpt.is_empty() { summary } else { format!("{summary}, begins “{excerpt}”") }
}

/// The beginning of a body, redacted. Empty for JSON, also if it is cut off: it may be rows with names and words of
/// customers, which nothing recognises.
fn excerpt(body: &[u8], secrets: &[String]) -> String {
    let head = body.get(..HEAD).unwrap_or(body);
    let text = String::from_utf8_lossy(head);
    if text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with(['{', '[', '"']) {
        return String::new();
    }
    // The text after this name may be the server's stack trace.
    let mut text = split_once(&text, STACK_TRACE).map_or(&*text, |(before, _)| before);
    if head.len() < body.len() {
        // The last word may be a part of a number or of a key, which `redact` does not recognise.
        text = text.trim_end_matches(|character: char| !character.is_whitespace());
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    redact(&words.join(" "), secrets).chars().take(EXCERPT).collect()
}

/// `Retry-After` in seconds or as a date. A date is compared with the server's own `Date`, or with our clock if
/// that header is not readable. Proxies that add a value make a list: then the longest value counts.
fn retry_after_ms(answer: &HttpResponse, now_ms: i64) -> Option<i64> {
    let value = answer.retry_after.as_deref()?;
    if let Some(until) = http_date_ms(value) {
        let now = answer.date.as_deref().and_then(http_date_ms).unwrap_or(now_ms);
        return Some((until - now).max(0));
    }
    value.split(',').filter_map(seconds_ms).max()
}

/// Milliseconds of `120`, `1.5` or `120;comment`, rounded up, at most the greatest safe integer of JavaScript.
fn seconds_ms(text: &str) -> Option<i64> {
    let number = text.split(';').next()?.trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    // A number that does not fit is longer than any pause.
    let seconds: i64 = whole.parse().unwrap_or(i64::MAX);
    let thousandths = fraction.get(..3).unwrap_or(fraction);
    let scale = [1000, 100, 10, 1].get(thousandths.len()).copied().unwrap_or(1);
    let round_up = fraction.bytes().skip(3).any(|byte| byte != b'0');
    let ms = thousandths.parse::<i64>().unwrap_or(0) * scale + i64::from(round_up);
    Some(seconds.saturating_mul(1000).saturating_add(ms).min(MAX_SAFE_INTEGER))
}
