//! JSON Web Tokens: who signed them, and what they let their bearer do.

use std::{
    fmt,
    str::FromStr as _,
    time::{SystemTime, UNIX_EPOCH},
};

use channel_core::Secret;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation, decode, errors::ErrorKind};
use serde_json::{Map, Value};

/// How far clocks may be apart, in seconds: as in Rasa.
const LEEWAY: u32 = 180;

/// The key that JSON Web Tokens (RFC 7519) are checked with. Tokens are made elsewhere.
///
/// A token carries `{"user": {"username": …, "role": …}}`. `exp`, `nbf` and `iat` count where they are there, with 3
/// minutes for clocks that differ; a token for some audience (`aud`) is refused.
#[derive(Clone)]
pub struct Jwt {
    key: DecodingKey,
    validation: Validation,
}

/// Why a key can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JwtError {
    /// There is no such method.
    #[error("`{0}` is no method to sign JWTs; use one of {METHODS}")]
    Method(String),
    /// The secret is empty: anybody could sign with it.
    #[error("the JWT secret is empty; anybody could sign tokens with it")]
    Empty,
    /// The key is none for this method.
    #[error(
        "the JWT secret is no public key for {method}: it has to be the key in PEM, from `-----BEGIN` to the end"
    )]
    Key {
        /// The method.
        method: String,
        /// What is wrong with it.
        source: jsonwebtoken::errors::Error,
    },
}

const METHODS: &str = "HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA";

impl Jwt {
    /// A key for a method by its name in RFC 7518: `HS256` and the like with the shared secret, `RS256`, `PS256`,
    /// `ES256` and the like with the signer's public key in PEM.
    ///
    /// # Errors
    ///
    /// There is no such method, or the secret is no key for it.
    pub fn new(method: &str, secret: &Secret) -> Result<Self, JwtError> {
        if secret.expose().is_empty() {
            return Err(JwtError::Empty);
        }
        let algorithm = Algorithm::from_str(method).map_err(|_| JwtError::Method(method.to_owned()))?;
        let bytes = secret.expose().as_bytes();
        let key = match algorithm.family() {
            AlgorithmFamily::Hmac => Ok(DecodingKey::from_secret(bytes)),
            AlgorithmFamily::Rsa => DecodingKey::from_rsa_pem(bytes),
            AlgorithmFamily::Ec => DecodingKey::from_ec_pem(bytes),
            AlgorithmFamily::Ed => DecodingKey::from_ed_pem(bytes),
        };
        let key = key.map_err(|source| JwtError::Key { method: method.to_owned(), source })?;
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY.into();
        validation.validate_nbf = true;
        validation.required_spec_claims.clear();
        Ok(Self { key, validation })
    }

    /// The claims of a token; or what is wrong with it, for who sent it.
    pub(super) fn claims(&self, token: &[u8]) -> Result<Claims, &'static str> {
        let claims = decode::<Map<String, Value>>(token, &self.key, &self.validation)
            .map_err(|error| reason(error.kind()))?
            .claims;
        let issued = claims.get("iat").and_then(Value::as_f64);
        if issued.is_some_and(|issued| issued > now() + f64::from(LEEWAY)) {
            return Err("The token is not yet valid (iat).");
        }
        Ok(Claims(claims))
    }
}

impl fmt::Debug for Jwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jwt({:?})", self.validation.algorithms)
    }
}

/// What a token says of its bearer.
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// Whether the bearer may do what concerns this conversation, or what concerns none.
    pub(super) fn allow(&self, conversation: Option<&str>) -> bool {
        let user = self.0.get("user");
        let field = |name| user.and_then(|user| user.get(name)).and_then(Value::as_str);
        match field("role") {
            Some("admin") => true,
            Some("user") => conversation.is_some() && field("username") == conversation,
            _ => false,
        }
    }
}

fn reason(error: &ErrorKind) -> &'static str {
    match error {
        ErrorKind::ExpiredSignature => "Signature has expired.",
        ErrorKind::ImmatureSignature => "The token is not yet valid (nbf).",
        ErrorKind::InvalidAudience => "Invalid audience.",
        ErrorKind::InvalidSignature => "Signature verification failed.",
        ErrorKind::InvalidAlgorithm => "The specified alg value is not allowed.",
        _ => "The token can't be read.",
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
