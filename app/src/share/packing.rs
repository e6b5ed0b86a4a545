//! gzip by the browser: packing what leaves, unpacking what came.

use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableWritablePair, Response};

#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// What has gone through a stream.
fn through(blob: &Blob, stream: JsValue) -> Result<Response, JsValue> {
    let pair: ReadableWritablePair = stream.unchecked_into();
    Response::new_with_opt_readable_stream(Some(&blob.stream().pipe_through(&pair)))
}

/// The bytes in gzip.
pub(super) async fn gzip(blob: &Blob) -> Result<Vec<u8>, JsValue> {
    let packed = through(blob, CompressionStream::new("gzip")?.into())?.array_buffer()?;
    Ok(js_sys::Uint8Array::new(&JsFuture::from(packed).await?).to_vec())
}

/// What gzip bytes hold. An error when they are damaged or cut: gzip carries a checksum.
pub(super) async fn gunzip(bytes: &[u8]) -> Result<Blob, JsValue> {
    let packed = blob_of(bytes)?;
    let held = through(&packed, DecompressionStream::new("gzip")?.into())?.blob()?;
    JsFuture::from(held).await?.dyn_into()
}

/// All bytes of a blob.
pub(super) async fn bytes_of(blob: &Blob) -> Result<Vec<u8>, JsValue> {
    Ok(js_sys::Uint8Array::new(&JsFuture::from(blob.array_buffer()).await?).to_vec())
}

/// Bytes as a blob.
fn blob_of(bytes: &[u8]) -> Result<Blob, JsValue> {
    Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&js_sys::Uint8Array::from(bytes)))
}
