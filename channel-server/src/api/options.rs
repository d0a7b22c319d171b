//! Who may use the HTTP API.

use channel_core::Secret;

use super::Jwt;

/// Who may use the HTTP API. With neither a token nor JWTs, everybody who reaches the port.
///
/// # Examples
///
/// ```
/// use channel_server::{ApiOptions, Jwt, Server, core::Secret};
///
/// let options = ApiOptions {
///     auth_token: Some(Secret::new("open sesame")),
///     jwt: Some(Jwt::new("HS256", &Secret::new("a secret of 32 bytes or more is not guessed"))?),
/// };
/// let server = Server::builder().credentials_text("rest:\n").enable_api(options).build()?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ApiOptions {
    /// Lets in who shows it: in the query, as `token`, or in the header `Authorization: Bearer …`.
    pub auth_token: Option<Secret>,
    /// Lets in who shows a JSON Web Token that is signed with this key: `admin`s to everything, a `user` to the
    /// conversation that has the user's name.
    pub jwt: Option<Jwt>,
}

impl ApiOptions {
    /// Whether everybody is let in.
    pub(crate) fn is_open(&self) -> bool {
        self.auth_token.is_none() && self.jwt.is_none()
    }
}
