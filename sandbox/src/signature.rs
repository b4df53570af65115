//! Checks the signature of a request: the headers `appkey`, `datetime` and `sign`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::calendar::parse_http_date;
use crate::endpoint::failure::Failure;
use crate::http::Request;

/// Maximum difference between the signed date and the vendor's clock, in both directions.
const WINDOW_SECONDS: i64 = 180;

/// The value of the `sign` header for this key and this `datetime` (an RFC 7231 date, exactly as sent): Base64 of
/// HMAC-SHA1 over the key, one line feed and the date. No other part of a request is signed.
#[must_use]
pub fn sign(app_key: &str, app_secret: &str, datetime: &str) -> String {
    // HMAC takes keys of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(app_secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{app_key}\n{datetime}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Checks the three headers.
///
/// # Errors
/// Code 401 for a missing header or a wrong signature, 403 for another key, 408 for a date out of the window.
///
/// Unlike a real server, this does not compare in constant time: the secret protects no data.
pub(crate) fn check(
    request: &Request,
    app_key: &str,
    app_secret: &str,
    clock_ms: i64,
) -> Result<(), Failure> {
    let header = |name| request.header(name).ok_or_else(|| Failure::unauthorized(name));
    let (key, datetime, signature) = (header("appkey")?, header("datetime")?, header("sign")?);
    if key != app_key {
        return Err(Failure::forbidden("appkey"));
    }
    let seconds = parse_http_date(datetime).ok_or_else(|| Failure::clock("datetime"))?;
    if (seconds * 1000).abs_diff(clock_ms) > WINDOW_SECONDS.unsigned_abs() * 1000 {
        return Err(Failure::clock("datetime"));
    }
    if signature != sign(app_key, app_secret, datetime) {
        return Err(Failure::unauthorized("sign"));
    }
    Ok(())
}
