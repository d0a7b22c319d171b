//! A reply that is read while it comes.

use std::{mem, time::Duration};

use reqwest::Response;

use crate::{EndpointError, MAX_REPLY};

/// The lines of a reply, each as soon as it is there.
pub struct Lines {
    url: String,
    timeout: Duration,
    response: Response,
    /// What came, and was not given out yet.
    pending: Vec<u8>,
    /// How much of that is known to have no end of a line in it.
    searched: usize,
    /// How much came in all, in bytes.
    read: usize,
}

impl Lines {
    pub(crate) fn new(url: String, timeout: Duration, response: Response) -> Self {
        Self { url, timeout, response, pending: Vec::new(), searched: 0, read: 0 }
    }

    /// The next line that has more in it than white space; `None` after the last one.
    ///
    /// # Errors
    ///
    /// The rest of the reply did not come: in time, whole, or within [`MAX_REPLY`] bytes.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, EndpointError> {
        loop {
            while let Some(line) = self.line() {
                if !line.trim_ascii().is_empty() {
                    return Ok(Some(line));
                }
            }
            let chunk = self.response.chunk().await;
            let chunk = chunk.map_err(|error| EndpointError::of_transport(&self.url, self.timeout, error))?;
            let Some(chunk) = chunk else {
                self.searched = 0;
                let rest = mem::take(&mut self.pending);
                return Ok((!rest.trim_ascii().is_empty()).then_some(rest));
            };
            self.take(&chunk)?;
        }
    }

    /// The next line that has come to its end.
    fn line(&mut self) -> Option<Vec<u8>> {
        let Some(end) = self.pending[self.searched..].iter().position(|byte| *byte == b'\n') else {
            self.searched = self.pending.len();
            return None;
        };
        let line = self.pending.drain(..=self.searched + end).collect();
        self.searched = 0;
        Some(line)
    }

    fn take(&mut self, chunk: &[u8]) -> Result<(), EndpointError> {
        self.read += chunk.len();
        if self.read > MAX_REPLY {
            return Err(EndpointError::TooLarge { url: self.url.clone(), limit: MAX_REPLY });
        }
        self.pending.extend_from_slice(chunk);
        Ok(())
    }
}

/// Debug shows no conversation.
impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines").field("url", &self.url).finish_non_exhaustive()
    }
}
