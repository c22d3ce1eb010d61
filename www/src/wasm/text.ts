// jest-environment-jsdom has neither class. The fallbacks do what the glue and the engine ask for, no more.

class Utf8Encoder {
  encode(text: string): Uint8Array<ArrayBuffer> {
    const bytes: number[] = [];
    for (const character of text) {
      const scalar = character.codePointAt(0) ?? 0;
      const code = scalar >= 0xd800 && scalar <= 0xdfff ? 0xfffd : scalar;
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
    return Uint8Array.from(bytes);
  }

  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    const bytes = this.encode(text);
    target.set(bytes);
    return { read: text.length, written: bytes.length };
  }
}

class Utf8Decoder {
  decode(bytes: Uint8Array = new Uint8Array()): string {
    let text = "";
    for (let index = 0; index < bytes.length; ) {
      const first = bytes[index] ?? 0;
      const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      let code = length === 1 ? first : first & (0x7f >> length);
      for (let next = 1; next < length; next += 1) code = (code << 6) | ((bytes[index + next] ?? 0) & 0x3f);
      text += String.fromCodePoint(code);
      index += length;
    }
    return text;
  }
}

// Typed as optional: the DOM's types promise what some test environments do not keep.
const found: { readonly TextEncoder?: typeof globalThis.TextEncoder; readonly TextDecoder?: typeof globalThis.TextDecoder } = globalThis;

export const TextEncoder: new () => Pick<globalThis.TextEncoder, "encode" | "encodeInto"> = found.TextEncoder ?? Utf8Encoder;
export const TextDecoder: new (label?: string, options?: TextDecoderOptions) => Pick<globalThis.TextDecoder, "decode"> =
  found.TextDecoder ?? Utf8Decoder;
