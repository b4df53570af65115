//! The base URL of a client, and the URL of each endpoint. Not here: query strings (`request/`).

use crate::error::{Error, Result};
use crate::schema::PATH;
use crate::search::split_once;

/// The vendor's own server.
const DEFAULT: &str = "https://api.byrobot.cn";

/// A server and the path of its API, without the endpoints' own path and without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl Default for BaseUrl {
    fn default() -> Self {
        Self(DEFAULT.to_owned())
    }
}

impl BaseUrl {
    /// The normalized text, to which the path of an endpoint is appended.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the option `baseUrl`: `https://host`, `https://host/path/`; `/path` or `""` on the
    /// page's own server. Surplus and missing slashes are corrected. The endpoints' own path
    /// (`/openapi/v1/task`) at the end is removed.
    ///
    /// # Errors
    /// `invalid_argument` for another scheme, a user name and password, a query or a fragment.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |message| Err(Error::invalid_argument("baseUrl", message));
        let text = text.trim();
        if text.contains(['?', '#', '\\']) || text.contains(|c: char| c.is_control() || c == ' ') {
            return refuse("expected no query, fragment, backslash or space");
        }
        let (origin, path) = match split_once(text, "://") {
            Some((scheme, rest)) => {
                let scheme = scheme.to_ascii_lowercase();
                if scheme != "http" && scheme != "https" {
                    return refuse("expected http or https");
                }
                let rest = rest.trim_start_matches('/');
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                if host.contains('@') {
                    return refuse("expected no user name or password in the URL");
                }
                if host.is_empty() {
                    return refuse("expected a host");
                }
                (format!("{scheme}://{host}"), path)
            }
            None if text.is_empty() || text.starts_with(['/', '.']) => (String::new(), text),
            None => return refuse("expected \"https://…\", or a path that begins with \"/\""),
        };
        let mut segments = segments_of(path);
        for api_segment in segments_of(PATH).iter().rev() {
            if segments.last() == Some(api_segment) {
                segments.pop();
            }
        }
        let relative = origin.is_empty() && path.starts_with('.');
        let mut url = origin;
        for (index, segment) in segments.iter().enumerate() {
            if index > 0 || !relative {
                url.push('/');
            }
            url.push_str(segment);
        }
        Ok(Self(url))
    }

    /// The URL of an endpoint, without its query.
    #[must_use]
    pub fn endpoint(&self, name: &str) -> String {
        format!("{}{PATH}{name}", self.0)
    }
}

fn segments_of(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_the_endpoints_path_are_normalized() {
        for (text, url) in [
            ("https://api.byrobot.cn", "https://api.byrobot.cn/openapi/v1/task/x"),
            ("https://api.byrobot.cn///", "https://api.byrobot.cn/openapi/v1/task/x"),
            ("HTTPS://h:8080/a//b/", "https://h:8080/a/b/openapi/v1/task/x"),
            ("https://h/openapi/v1/task/", "https://h/openapi/v1/task/x"),
            ("https://h/openapi/v1", "https://h/openapi/v1/task/x"),
            ("https://h/a/openapi", "https://h/a/openapi/v1/task/x"),
            ("", "/openapi/v1/task/x"),
            ("/", "/openapi/v1/task/x"),
            ("/proxy", "/proxy/openapi/v1/task/x"),
            ("./proxy/", "./proxy/openapi/v1/task/x"),
            ("..", "../openapi/v1/task/x"),
            (" https://h ", "https://h/openapi/v1/task/x"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().endpoint("x"), url, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_a_base_url_is_refused_without_its_password() {
        for text in [
            "api.byrobot.cn",
            "ftp://h",
            "https://",
            "https://user:s3cr3t@h",
            "https://h?x=1",
            "https://h#x",
            "javascript:alert(1)",
            "https://h/a b",
            "https:\\\\h",
        ] {
            let error = BaseUrl::parse(text).unwrap_err();
            assert_eq!(error.path.as_deref(), Some("baseUrl"), "{text}");
            assert!(!error.message.contains("s3cr3t"), "{text}");
        }
    }
}
