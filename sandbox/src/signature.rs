//! Who may ask: the `appkey`, `datetime` and `sign` headers of a request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::calendar::parse_http_date;
use crate::endpoint::failure::Failure;
use crate::http::Request;

/// How far the signed date may be from the vendor's clock, either way.
const WINDOW_SECONDS: i64 = 180;

/// What belongs in the `sign` header beside this key and this `datetime` (an RFC 7231 date, as it is
/// sent): Base64 of HMAC-SHA1 over the key, one line feed and the date. Nothing else of a request
/// is signed.
#[must_use]
pub fn sign(app_key: &str, app_secret: &str, datetime: &str) -> String {
    // HMAC takes keys of any length, so there is no failure to answer.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(app_secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{app_key}\n{datetime}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// 401 for headers missing or a wrong signature, 403 for a key that is not the one, 408 for a date
/// out of the window. Unlike a real server this does not compare in constant time: its secret is
/// not one.
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
