//! A request and a response as values, without sockets or a browser. Not here: the meaning of paths (`sandbox.rs`) and
//! arguments (`endpoint/arguments.rs`).

/// A client's HTTP request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// An absolute URL (`http://host/path?query`) or an absolute path (`/path?query`).
    pub url: String,
    /// Names in any case.
    pub headers: Vec<(String, String)>,
    /// Empty when there is none.
    pub body: Vec<u8>,
    /// The real time of the request, in epoch milliseconds. Signed dates are compared with it; `None`: with the virtual
    /// clock.
    pub wall_ms: Option<i64>,
}

/// The sandbox's HTTP response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status; the vendor's own `code` is in the body.
    pub status: u16,
    /// Lower-case names, always in the same order.
    pub headers: Vec<(String, String)>,
    /// Empty after `HEAD`.
    pub body: Vec<u8>,
    /// The fault that the server has to simulate instead of an answer; the status is 0 then.
    pub transport: Option<TransportFault>,
}

/// A fault below HTTP. No response can express it, so the server simulates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportFault {
    /// The connection is lost: `fetch` rejects, a server hangs up.
    Network,
    /// No answer comes until the client disconnects.
    Timeout,
}

impl Request {
    /// A `GET` of a path with its query.
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self { method: "GET".into(), url: url.into(), ..Self::default() }
    }

    /// A `POST` of a JSON text.
    #[must_use]
    pub fn post(url: impl Into<String>, json: impl Into<String>) -> Self {
        Self {
            method: "POST".into(),
            url: url.into(),
            headers: vec![("content-type".into(), "application/json".into())],
            body: json.into().into_bytes(),
            ..Self::default()
        }
    }

    /// The first header of that name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    /// The path, without origin, query and fragment.
    pub(crate) fn path(&self) -> &str {
        let (_, rest) = split_origin(&self.url);
        rest.split(['?', '#']).next().unwrap_or_default()
    }

    /// The query's pairs, decoded as forms are (`+` is a space, the rest UTF-8).
    pub(crate) fn query(&self) -> impl Iterator<Item = (String, String)> {
        let url = self.url.split('#').next().unwrap_or_default();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned()
    }

    /// The sandbox's origin as the client sees it: from `Host` and `X-Forwarded-Proto`, else from the URL, else empty.
    pub(crate) fn origin(&self) -> String {
        let (origin, _) = split_origin(&self.url);
        let (scheme, host) = origin.split_once("://").unwrap_or(("http", ""));
        let host = self.header("host").unwrap_or(host);
        let scheme = self.header("x-forwarded-proto").unwrap_or(scheme);
        if host.is_empty() { String::new() } else { format!("{scheme}://{host}") }
    }
}

fn split_origin(url: &str) -> (&str, &str) {
    let Some(after_scheme) = url.find("://").map(|at| at + 3) else { return ("", url) };
    if url.starts_with('/') {
        return ("", url);
    }
    let authority_and_rest = url.get(after_scheme..).unwrap_or_default();
    let end = authority_and_rest.find(['/', '?', '#']).unwrap_or(authority_and_rest.len());
    url.split_at(after_scheme + end)
}

impl Response {
    /// A response with a body and its content type.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), transport: None }
    }

    /// No response: the server simulates a transport fault.
    pub(crate) fn transport_fault(transport: TransportFault) -> Self {
        Self { transport: Some(transport), ..Self::default() }
    }

    pub(crate) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The header of that (lower-case) name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_split_into_origin_path_and_query() {
        let request = Request::get("http://a:1/b/c?taskName=%E7%94%B5%E8%AF%9D+1&x=http://y#z");
        assert_eq!(request.path(), "/b/c");
        assert_eq!(request.origin(), "http://a:1");
        let query: Vec<_> = request.query().collect();
        assert_eq!(query[0], ("taskName".into(), "电话 1".into()));
        assert_eq!(query[1], ("x".into(), "http://y".into()));
        let bare = Request::get("/b?next=http://c/d");
        assert_eq!((bare.path(), bare.origin().as_str()), ("/b", ""));
    }

    #[test]
    fn headers_of_a_proxy_decide_the_origin() {
        let mut request = Request::get("http://127.0.0.1:8787/");
        request.headers.push(("Host".into(), "page.test".into()));
        request.headers.push(("X-Forwarded-Proto".into(), "https".into()));
        assert_eq!(request.origin(), "https://page.test");
    }
}
