//! Reads and checks the caller's options, before anything else happens. The options are read one by one, because
//! functions and signals are not plain data. Not here: options of filters, charts and exports (`table/questions.rs`).

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::RequestCredentials;

use super::abort::{JsSignal, Listener};
use super::caller::JsCaller;
use super::outside::keys;
use crate::client::{BaseUrl, Policy, Settings};
use crate::error::{Error, Result};
use crate::paging;
use crate::paging::Mode;
use crate::search::contains;
use crate::wasm::plain::is_array;
use crate::wasm::plain::is_whole;

/// The maximum delay of `setTimeout`, 24 days.
const MAX_MS: f64 = 2_147_483_647.0;

/// The options of a call, combined with those of its client.
#[derive(Clone, Default)]
pub(super) struct CallOptions {
    pub(super) settings: Settings,
    pub(super) caller: JsCaller,
    pub(super) signals: Vec<JsSignal>,
}

/// The options of a client.
pub(super) struct ClientOptions {
    pub(super) base_url: BaseUrl,
    pub(super) credentials: Option<RequestCredentials>,
    pub(super) fetch: Option<Function>,
    pub(super) max_concurrency: usize,
    pub(super) call: CallOptions,
}

/// The names of all options of a client.
const CLIENT_OPTIONS: [&str; 12] = [
    "baseUrl",
    "credentials",
    "fetch",
    "maxConcurrency",
    "onRequest",
    "onResponse",
    "onRetry",
    "signal",
    "timeout",
    "totalTimeout",
    "retry",
    "headers",
];

impl ClientOptions {
    pub(super) fn read(options: &JsValue) -> Result<Self> {
        let Some(options) = OptionReader::of(options, "options")? else {
            return Ok(Self {
                base_url: BaseUrl::default(),
                credentials: None,
                fetch: None,
                max_concurrency: 6,
                call: CallOptions::default(),
            });
        };
        options.refuse_unknown()?;
        let mut call = CallOptions::default().with(&options)?;
        call.caller.on_request = options.function("onRequest")?;
        call.caller.on_response = options.function("onResponse")?;
        call.caller.on_retry = options.function("onRetry")?;
        let base_url = match options.text("baseUrl")? {
            Some(url) => BaseUrl::parse(&url)?,
            None => BaseUrl::default(),
        };
        let credentials = match options.text("credentials")?.as_deref() {
            None => None,
            Some("omit") => Some(RequestCredentials::Omit),
            Some("same-origin") => Some(RequestCredentials::SameOrigin),
            Some("include") => Some(RequestCredentials::Include),
            Some(_) => {
                let message = "expected \"omit\", \"same-origin\" or \"include\"";
                return Err(Error::invalid_argument("credentials", message));
            }
        };
        let max_concurrency = options.whole("maxConcurrency", 1.0, 1000.0)?.unwrap_or(6);
        Ok(Self {
            base_url,
            credentials,
            fetch: options.function("fetch")?,
            max_concurrency: max_concurrency as usize,
            call,
        })
    }
}

impl CallOptions {
    /// These options, combined with those of one call. Unknown options are ignored, so that the context of a query
    /// library can be passed.
    pub(super) fn and(&self, options: &JsValue) -> Result<Self> {
        match OptionReader::of(options, "options")? {
            None => Ok(self.clone()),
            Some(options) => self.clone().with(&options),
        }
    }

    /// Begins to listen to the signals.
    pub(super) fn listeners(&self) -> Result<Vec<Listener>> {
        self.signals.iter().cloned().map(Listener::new).collect()
    }

    fn with(mut self, options: &OptionReader) -> Result<Self> {
        options.milliseconds("timeout", &mut self.settings.timeout_ms)?;
        options.milliseconds("totalTimeout", &mut self.settings.total_timeout_ms)?;
        let retry = options.get("retry")?;
        if retry == JsValue::FALSE {
            self.settings.retry.attempts = 1;
        } else if let Some(retry) = OptionReader::of(&retry, "retry")? {
            let policy = &self.settings.retry;
            self.settings.retry = Policy {
                attempts: retry.whole("attempts", 1.0, 100.0)?.unwrap_or(policy.attempts),
                min_delay_ms: retry.whole("minDelay", 0.0, MAX_MS)?.unwrap_or(policy.min_delay_ms),
                max_delay_ms: retry.whole("maxDelay", 0.0, MAX_MS)?.unwrap_or(policy.max_delay_ms),
                max_retry_after_ms: retry
                    .whole("maxRetryAfter", 0.0, MAX_MS)?
                    .unwrap_or(policy.max_retry_after_ms),
            };
        }
        let headers = options.get("headers")?;
        if !headers.is_undefined() && !headers.is_null() {
            if !headers.is_object() && !headers.is_function() {
                return Err(Error::invalid_argument("headers", "expected headers or a function"));
            }
            self.caller.headers.push(headers);
        }
        let signal = options.get("signal")?;
        if !signal.is_undefined() && !signal.is_null() {
            if !signal.is_object() {
                return Err(Error::invalid_argument("signal", "expected an AbortSignal"));
            }
            self.signals.push(signal.unchecked_into());
        }
        Ok(self)
    }
}

/// The options of a pagination, without those of its calls.
#[derive(Clone, Default)]
pub(super) struct PaginationOptions {
    pub(super) prefetch: usize,
    pub(super) on_progress: Option<Function>,
}

impl PaginationOptions {
    pub(super) fn read(options: &JsValue) -> Result<Self> {
        let Some(options) = OptionReader::of(options, "options")? else {
            return Ok(Self { prefetch: 1, on_progress: None });
        };
        Ok(Self { prefetch: options.prefetch()?, on_progress: options.function("onProgress")? })
    }
}

/// The default of `storeTimeout`: milliseconds for each answer of a store.
const STORE_TIMEOUT_MS: u32 = 10_000;

/// The options of a synchronisation without those of its calls, and the milliseconds for each answer of its store.
pub(super) fn sync_options(options: &JsValue) -> Result<(paging::SyncOptions, Option<u32>)> {
    let mut store_timeout_ms = Some(STORE_TIMEOUT_MS);
    let Some(options) = OptionReader::of(options, "options")? else {
        let paging = paging::SyncOptions { mode: Mode::Pages, full: false, concurrency: 1 };
        return Ok((paging, store_timeout_ms));
    };
    options.milliseconds("storeTimeout", &mut store_timeout_ms)?;
    let mode = match options.text("mode")?.as_deref() {
        None | Some("walk") => Mode::Pages,
        Some("cursor") => Mode::Index,
        Some(_) => return Err(options.refuse("mode", "expected \"walk\" or \"cursor\"")),
    };
    let full = match options.given("full")? {
        None => false,
        Some(full) => {
            full.as_bool().ok_or_else(|| options.refuse("full", "expected true or false"))?
        }
    };
    // TypeScript calls `onProgress`. Here it is only checked.
    options.function("onProgress")?;
    let paging = paging::SyncOptions { mode, full, concurrency: options.prefetch()?.max(1) };
    Ok((paging, store_timeout_ms))
}

/// An object of options, and its name in errors.
struct OptionReader<'a> {
    object: &'a JsValue,
    name: &'static str,
}

impl<'a> OptionReader<'a> {
    /// `None` for `null` and `undefined`.
    fn of(object: &'a JsValue, name: &'static str) -> Result<Option<Self>> {
        if object.is_undefined() || object.is_null() {
            return Ok(None);
        }
        if !object.is_object() || is_array(object).unwrap_or(true) {
            return Err(Error::invalid_argument(name, "expected an object"));
        }
        Ok(Some(Self { object, name }))
    }

    fn path(&self, name: &str) -> String {
        if self.name == "options" { name.to_owned() } else { format!("{}.{name}", self.name) }
    }

    fn refuse(&self, name: &str, message: &str) -> Box<Error> {
        Error::invalid_argument(self.path(name), message)
    }

    fn get(&self, name: &str) -> Result<JsValue> {
        Reflect::get(self.object, &JsValue::from_str(name))
            .map_err(|_| self.refuse(name, "reading it threw"))
    }

    /// The value; `None` for `null` and `undefined`.
    fn given(&self, name: &str) -> Result<Option<JsValue>> {
        let value = self.get(name)?;
        Ok((!value.is_undefined() && !value.is_null()).then_some(value))
    }

    fn text(&self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.given(name)? else { return Ok(None) };
        value.as_string().map(Some).ok_or_else(|| self.refuse(name, "expected a string"))
    }

    fn function(&self, name: &str) -> Result<Option<Function>> {
        let Some(value) = self.given(name)? else { return Ok(None) };
        value.dyn_into().map(Some).map_err(|_| self.refuse(name, "expected a function"))
    }

    /// The number of pages to request ahead, 0 to 100; the default is 1.
    fn prefetch(&self) -> Result<usize> {
        Ok(self.whole("prefetch", 0.0, 100.0)?.unwrap_or(1) as usize)
    }

    /// A whole number from `min` to `max`.
    fn whole(&self, name: &str, min: f64, max: f64) -> Result<Option<u32>> {
        let Some(value) = self.given(name)? else { return Ok(None) };
        match value.as_f64() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
            Some(number) if is_whole(number) && (min..=max).contains(&number) => {
                Ok(Some(number as u32))
            }
            #[expect(clippy::cast_possible_truncation, reason = "limits are whole and below 2^31")]
            _ => Err(self.refuse(
                name,
                &format!("expected a whole number from {} to {}", min as i64, max as i64),
            )),
        }
    }

    /// Sets `limit` to the value of an option in milliseconds, if it is given. `Infinity` means no limit.
    fn milliseconds(&self, name: &str, limit: &mut Option<u32>) -> Result<()> {
        if self.get(name)?.as_f64() == Some(f64::INFINITY) {
            *limit = None;
        } else if let Some(ms) = self.whole(name, 1.0, MAX_MS)? {
            *limit = Some(ms);
        }
        Ok(())
    }

    fn refuse_unknown(&self) -> Result<()> {
        let names = keys(self.object)
            .map_err(|_| Error::invalid_argument(self.name, "reading its names threw"))?;
        for name in names.iter() {
            let name = name.as_string().unwrap_or_default();
            if CLIENT_OPTIONS.contains(&name.as_str()) {
                continue;
            }
            if contains(&name.to_ascii_lowercase(), "secret") {
                let message = "a secret must not reach a browser: sign on your server, for instance with \
                    \"byrobot-calls/server\", and give the signed headers or the server's URL here";
                return Err(self.refuse(&name, message));
            }
            let message = format!("no such option; there are {}", CLIENT_OPTIONS.join(", "));
            return Err(self.refuse(&name, &message));
        }
        Ok(())
    }
}
