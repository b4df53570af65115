//! Requests through `fetch`. The platform's own gets a `Request` that gloo-net builds; a caller's function
//! gets a URL and options, since not all of them take a `Request`, and those that ask twice cannot use
//! one twice. Sending and reading are our own, because every step may be a function of the caller's that
//! throws, rejects with anything, or returns no response.

use gloo_net::http::{Headers, Method as HttpMethod, RequestBuilder};
use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::{
    AbortController, AbortSignal, Request, RequestCache, RequestCredentials, RequestInit,
};

use super::error::caused_by;
use super::outside::{bytes, method, property, settled};
use super::timer::JsClock;
use crate::client::{Client, Failure, HttpRequest, HttpResponse, Transport, is_network_failure};
use crate::error::{Error, ErrorKind, Result};
use crate::json::PARSED;
use crate::memory::reserve;
use crate::schema::Method;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    type JsUrl;
    #[wasm_bindgen(catch, constructor, js_class = "URL")]
    fn new(url: &str, base: &JsValue) -> std::result::Result<JsUrl, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn href(this: &JsUrl) -> String;
}

/// A client that sends by `fetch`.
pub(super) type JsClient = Client<FetchTransport, JsClock>;

/// `fetch`, the page's or the caller's.
#[derive(Debug, Default)]
pub(super) struct FetchTransport {
    /// The caller's function; without one the page's is looked up for each request.
    pub(super) fetch: Option<Function>,
    pub(super) credentials: Option<RequestCredentials>,
}

impl Transport for FetchTransport {
    async fn send(&self, outgoing: HttpRequest<'_>) -> Result<HttpResponse> {
        let abort = AbortGuard::new()?;
        let signal = abort.controller.signal();
        let (url, headers) = (absolute(outgoing)?, headers(outgoing)?);
        let response = if let Some(fetch) = &self.fetch {
            let init = self.init(outgoing, &headers, &signal)?;
            let response = fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(&url), &init);
            settled(response.map_err(failed)?).await.map_err(failed)?
        } else {
            let request = self.request(outgoing, &url, headers, &signal)?;
            let fetch = method(&js_sys::global(), "fetch").ok_or_else(|| {
                Error::new(ErrorKind::Fetch, "there is no fetch here: give one in the options")
            })?;
            let response = fetch.call1(&JsValue::UNDEFINED, &request).map_err(lost)?;
            settled(response).await.map_err(lost)?
        };
        let answer = read(&response).await?;
        abort.disarm();
        Ok(answer)
    }
}

impl FetchTransport {
    /// The options for a function of the caller's: plain data but for the signal.
    fn init(
        &self,
        outgoing: HttpRequest<'_>,
        headers: &web_sys::Headers,
        signal: &AbortSignal,
    ) -> Result<RequestInit> {
        let init = RequestInit::new();
        init.set_method(outgoing.request.method.name());
        let headers = Object::from_entries(headers).map_err(|cause| {
            caused_by(ErrorKind::Fetch, "the Headers of this environment cannot be read", cause)
        })?;
        init.set_headers(&headers);
        if let Some(body) = &outgoing.request.body {
            init.set_body(&JsValue::from_str(body));
        }
        if let Some(credentials) = self.credentials {
            init.set_credentials(credentials);
        }
        if cache_mode(signal).is_ok_and(|mode| mode.is_some()) {
            init.set_cache(RequestCache::NoStore);
        }
        init.set_signal(Some(signal));
        Ok(init)
    }

    /// The request for the platform's `fetch`.
    fn request(
        &self,
        outgoing: HttpRequest<'_>,
        url: &str,
        headers: web_sys::Headers,
        signal: &AbortSignal,
    ) -> Result<Request> {
        let cannot = "this environment cannot build a Request";
        // Tried first without gloo-net, which cannot bear what fails here.
        let cache =
            cache_mode(signal).map_err(|cause| caused_by(ErrorKind::Fetch, cannot, cause))?;
        let method = match outgoing.request.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
        };
        let mut builder = RequestBuilder::new(url)
            .method(method)
            .headers(Headers::from_raw(headers))
            .abort_signal(Some(signal));
        if let Some(cache) = cache {
            builder = builder.cache(cache);
        }
        if let Some(credentials) = self.credentials {
            builder = builder.credentials(credentials);
        }
        let built = match &outgoing.request.body {
            Some(body) => builder.body(JsValue::from_str(body)),
            None => builder.build(),
        };
        built
            .map(Into::into)
            .map_err(|error| Error::new(ErrorKind::Fetch, format!("{cannot}: {error}")))
    }
}

/// The URL with its query, resolved as the page resolves its own.
fn absolute(outgoing: HttpRequest<'_>) -> Result<String> {
    let HttpRequest { request, url, .. } = outgoing;
    let url =
        if request.query.is_empty() { url.to_owned() } else { format!("{url}?{}", request.query) };
    let of = |object: &str, name| property(&property(&js_sys::global(), object), name);
    let base = match of("document", "baseURI") {
        base if base.is_string() => base,
        _ => of("location", "href"),
    };
    let resolved = JsUrl::new(&url, &base).map_err(|_| {
        Error::invalid_argument(
            "baseUrl",
            "no URL of a request; outside a page it has to begin with https:// or http://",
        )
    })?;
    Ok(resolved.href())
}

/// `no-store`: what is asked for again and again has changed, and telephone numbers do not belong in a
/// browser's cache. Nothing where a runtime does not know it.
///
/// # Errors
/// What the environment throws at a `Request` with this signal.
fn cache_mode(signal: &AbortSignal) -> std::result::Result<Option<RequestCache>, JsValue> {
    let trial = |mode: Option<RequestCache>| {
        let init = RequestInit::new();
        init.set_signal(Some(signal));
        if let Some(mode) = mode {
            init.set_cache(mode);
        }
        Request::new_with_str_and_init("https://localhost/", &init).map(|_| mode)
    };
    trial(Some(RequestCache::NoStore)).or_else(|_| trial(None))
}

/// A failure of the platform's `fetch`.
fn lost(cause: JsValue) -> Box<Error> {
    let message = "no answer: the server is unreachable, the connection broke, or the browser \
        blocked it (CORS, or http from an https page)";
    caused_by(ErrorKind::Network, message, cause)
}

/// A failure of the caller's function: of the network, or its own.
fn failed(cause: JsValue) -> Box<Error> {
    let text = |error: &JsValue, name| property(error, name).as_string();
    let mut chain = Vec::new();
    let mut error = cause.clone();
    while error.is_object() && chain.len() < 4 {
        chain.push(Failure {
            name: text(&error, "name").unwrap_or_default(),
            message: text(&error, "message").unwrap_or_default(),
            code: text(&error, "code"),
        });
        error = property(&error, "cause");
    }
    if is_network_failure(&chain) {
        return lost(cause);
    }
    caused_by(ErrorKind::Fetch, "the fetch function of the options failed, see cause", cause)
}

/// The caller's headers, and the type of a body.
fn headers(outgoing: HttpRequest<'_>) -> Result<web_sys::Headers> {
    let refuse = |name: &str| {
        let message = format!("the header “{name}” or its value is impossible in HTTP");
        Error::new(ErrorKind::Headers, message).with(|error| error.path = Some(name.to_owned()))
    };
    let headers = web_sys::Headers::new().map_err(|_| refuse(""))?;
    if outgoing.request.body.is_some() {
        headers.set("content-type", "application/json").map_err(|_| refuse("content-type"))?;
    }
    for (name, value) in outgoing.headers {
        // The browser's own message shows the value, which may be a secret: it is not passed on.
        headers.set(name, value).map_err(|_| refuse(name))?;
    }
    Ok(headers)
}

/// Reads a response, or whatever the caller's function gave for one.
async fn read(response: &JsValue) -> Result<HttpResponse> {
    let unreadable = || Error::new(ErrorKind::Fetch, "fetch gave no readable Response");
    if property(response, "type").as_string().as_deref() == Some("error") {
        // `Response.error()`, by which a service worker says that there is no network.
        return Err(lost(JsValue::NULL));
    }
    let status = property(response, "status").as_f64().filter(|s| (200.0..600.0).contains(s));
    let (Some(status), Some(body)) = (status, method(response, "arrayBuffer")) else {
        return Err(unreadable());
    };
    if property(response, "bodyUsed").is_truthy() {
        let message =
            "the body of this Response has been read; a fetch function gives one that has not";
        return Err(Error::new(ErrorKind::Fetch, message));
    }
    let headers = property(response, "headers");
    let header = |name: &str| {
        let get = method(&headers, "get")?;
        get.call1(&headers, &JsValue::from_str(name)).ok()?.as_string()
    };
    let broken = |cause| caused_by(ErrorKind::Network, "the connection broke in the answer", cause);
    let buffer = settled(body.call0(response).map_err(broken)?).await.map_err(broken)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    let length = property(&buffer, "byteLength").as_f64().unwrap_or_default() as usize;
    // The bytes, and what they say as a tree.
    reserve((1 + PARSED).saturating_mul(length))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "200 to 599")]
    Ok(HttpResponse {
        status: status as u16,
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        date: header("date"),
        body: bytes(&buffer).ok_or_else(unreadable)?,
    })
}

/// Aborts the request when dropped before the answer was read.
struct AbortGuard {
    controller: AbortController,
    armed: bool,
}

impl AbortGuard {
    fn new() -> Result<Self> {
        let controller = AbortController::new()
            .map_err(|_| Error::new(ErrorKind::Fetch, "there is no AbortController here"))?;
        Ok(Self { controller, armed: true })
    }

    fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        if self.armed {
            self.controller.abort();
        }
    }
}
