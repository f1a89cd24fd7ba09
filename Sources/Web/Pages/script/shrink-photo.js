// Makes a photo fit the server's limits. One that fits is sent as it is, with its date and its best quality.

/** The file itself, or a smaller JPEG of it; throws when the browser cannot read the file. */
export async function fitPhoto(file, mostBytes, mostPixels) {
  const size = await jpegSize(file);
  const isLight = !mostBytes || file.size <= mostBytes;
  const isSmall = !mostPixels || size?.width * size?.height <= mostPixels;
  if (size && isLight && isSmall) return file;

  const bitmap = await createImageBitmap(file);
  const pixels = bitmap.width * bitmap.height;
  let scale = mostPixels ? Math.min(1, Math.sqrt(mostPixels / pixels)) : 1;
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const made = await draw(bitmap, scale);
      if (!mostBytes || made.size <= mostBytes) return made;
      scale *= Math.min(0.8, Math.sqrt(mostBytes / made.size));
    }
  } finally {
    bitmap.close();
  }
  throw new Error("the photo stays too large");
}

async function draw(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(bitmap.width * scale));
  canvas.height = Math.max(1, Math.floor(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  // What is see-through in a PNG becomes white, not black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  if (!blob) throw new Error("the browser made no JPEG");
  return blob;
}

// {width, height} from the head of a file, without decoding twelve million pixels; null when it is no JPEG that says
// so within its first 256 KB.
async function jpegSize(file) {
  const bytes = new DataView(await file.slice(0, 262_144).arrayBuffer());
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return null;
  let place = 2;
  while (place + 9 <= bytes.byteLength) {
    if (bytes.getUint8(place) !== 0xff) return null;
    const kind = bytes.getUint8(place + 1);
    // A frame header; C4, C8 and CC in that range are tables.
    const isFrame = kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind);
    if (isFrame) return { height: bytes.getUint16(place + 5), width: bytes.getUint16(place + 7) };
    place += kind === 0xff ? 1 : 2 + bytes.getUint16(place + 2);
  }
  return null;
}
