//! The keys of an endpoint beside further ones.

/// A struct with the keys of an [`EndpointConfig`](channel_endpoint::EndpointConfig) and its own, all side by side: a
/// flattened struct would not say which keys there are, and a misspelt one would pass.
macro_rules! endpoint_keys {
    (struct $keys:ident { $($(#[$meta:meta])* $own:ident: $type:ty,)* }) => {
        #[derive(serde::Deserialize)]
        struct $keys {
            url: String,
            #[serde(default)]
            params: std::collections::BTreeMap<String, String>,
            #[serde(default)]
            headers: std::collections::BTreeMap<String, String>,
            #[serde(default)]
            basic_auth: Option<channel_endpoint::BasicAuth>,
            #[serde(default)]
            token: Option<channel_core::Secret>,
            #[serde(default)]
            token_name: Option<String>,
            #[serde(default)]
            cafile: Option<std::path::PathBuf>,
            #[serde(default)]
            timeout: Option<f64>,
            $($(#[$meta])* #[serde(default)] $own: $type,)*
        }

        impl $keys {
            fn endpoint(self) -> Result<channel_endpoint::EndpointConfig, &'static str> {
                let mut endpoint = channel_endpoint::EndpointConfig::new(self.url);
                if let Some(seconds) = self.timeout {
                    let timeout = std::time::Duration::try_from_secs_f64(seconds).ok();
                    let timeout = timeout.filter(|timeout| !timeout.is_zero());
                    endpoint.timeout = timeout.ok_or("`timeout`: expected a positive number of seconds")?;
                }
                endpoint.token_name = self.token_name.unwrap_or(endpoint.token_name);
                endpoint.params = self.params;
                endpoint.headers = self.headers;
                endpoint.basic_auth = self.basic_auth;
                endpoint.token = self.token;
                endpoint.cafile = self.cafile;
                Ok(endpoint)
            }
        }
    };
}

pub(crate) use endpoint_keys;
