//! A client that sends what it is told, byte for byte.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Sends a request and reads its answer to the end.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    // A server that hangs is a failure, not a wait.
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    stream.write_all(request)?;
    let mut reader = BufReader::new(stream);
    loop {
        let (status, headers) = head(&mut reader)?;
        let mut answer = Answer { status, headers, body: String::new() };
        if status != 100 {
            let bodiless = request.starts_with(b"HEAD ");
            answer.body = if bodiless { String::new() } else { body(&mut reader, &answer)? };
            return Ok(answer);
        }
    }
}

fn head(reader: &mut impl BufRead) -> io::Result<(u16, Vec<(String, String)>)> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no status line but {line:?}")))?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => return Ok((status, headers)),
        }
    }
}

fn body(reader: &mut impl BufRead, answer: &Answer) -> io::Result<String> {
    let mut body = Vec::new();
    if answer.header("transfer-encoding") == Some("chunked") {
        return chunks(reader);
    }
    match answer.header("content-length") {
        Some(length) => reader.take(length.parse().unwrap()).read_to_end(&mut body)?,
        None => reader.read_to_end(&mut body)?,
    };
    Ok(String::from_utf8(body).unwrap())
}

fn chunks(reader: &mut impl BufRead) -> io::Result<String> {
    let mut whole = Vec::new();
    loop {
        let mut size = String::new();
        reader.read_line(&mut size)?;
        let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        reader.read_exact(&mut chunk)?;
        if size == 0 {
            return Ok(String::from_utf8(whole).unwrap());
        }
        whole.extend_from_slice(&chunk[..size]);
    }
}
