use channel_core::{VerifyError, channel, verify, webhook};

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
    fn verify(&self, body: String) -> Result<(), VerifyError> {
        let _ = body;
        Ok(())
    }
}

fn main() {}
