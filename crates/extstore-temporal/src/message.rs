//! Passes encoded messages to tonic and takes them from it, with a codec that decodes nothing.

use bytes::{Buf as _, BufMut as _, Bytes};
use extstore_gateway::Rope;
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// Sends ropes and receives bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bare;

impl Codec for Bare {
    type Encode = Rope;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Bare {
    type Item = Rope;
    type Error = Status;

    /// Copies the message once, into the frame that tonic sends or compresses.
    fn encode(&mut self, message: Rope, frame: &mut EncodeBuf<'_>) -> Result<(), Status> {
        frame.reserve(message.len());
        message.segments().iter().for_each(|segment| frame.put_slice(segment));
        Ok(())
    }
}

impl Decoder for Bare {
    type Item = Bytes;
    type Error = Status;

    /// Splits the bytes off tonic's buffer, without a copy.
    fn decode(&mut self, frame: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(frame.copy_to_bytes(frame.remaining())))
    }
}
