// What `open` takes as data, as a Blob: the engine reads it by range where it lies.

/**
 * @param {unknown} data A Blob, bytes, text, or a stream that was transferred.
 * @returns {Promise<Blob>}
 */
export async function blobOf(data) {
  if (data instanceof Blob) return data;
  if (typeof data === "string" || data instanceof ArrayBuffer || ArrayBuffer.isView(data)) {
    return new Blob([/** @type {BlobPart} */ (data)]);
  }
  if (data instanceof ReadableStream) {
    return new Response(data).blob().catch((error) => {
      throw new Error(`The stream broke off: ${error.message}`);
    });
  }
  throw new Error("There is nothing to open: `data` has to be text, bytes, a Blob or a ReadableStream.");
}
