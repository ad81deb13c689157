export { createServerAdapter, type ServerAdapterOptions } from "./server-adapter.ts";
