/** What a server answers: its HTTP status, and its JSON. */
interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
}

export interface PaperclipApi {
  get<T>(path: string): Promise<T>;
  /** @throws Error for another status than 2xx, with what the server said */
  post<T>(path: string, body?: unknown): Promise<T>;
  /** The same, whatever the status is. */
  tryPost<T>(path: string, body?: unknown): Promise<ApiAnswer<T>>;
  tryGet<T>(path: string): Promise<ApiAnswer<T>>;
}

/** A call that waits for a stop takes up to the minute that the server waits itself. */
const limitMs = 90_000;

/** @param url of the server, without `/api` */
export function paperclipApi(url: string, signal: AbortSignal): PaperclipApi {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<ApiAnswer<T>> => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { "content-type": "application/json" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}),
    });
    const text = await answer.text();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server's own shapes
    return { status: answer.status, body: (text === "" ? undefined : JSON.parse(text)) as T };
  };
  const must = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await call<T>(method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  return {
    get: (path) => must("GET", path),
    post: (path, body) => must("POST", path, body),
    tryPost: (path, body) => call("POST", path, body),
    tryGet: (path) => call("GET", path),
  };
}
