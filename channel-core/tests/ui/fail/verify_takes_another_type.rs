// lines: 20
use channel_core::{Recipient, VerifyError, channel, verify, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }

    #[verify]
    fn verify(&self, request: &Recipient) -> Result<(), VerifyError> {
        let _ = request;
        Ok(())
    }
}

fn main() {}
