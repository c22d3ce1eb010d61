// casbin wants a Buffer in a page; by name, so that nobody else finds one there.
export { Buffer } from "buffer";
