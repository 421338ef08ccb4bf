import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
}

interface Comment {
  readonly id: number;
  body: string;
  readonly html_url: string;
  readonly user: { readonly login: string; readonly type: 'Bot' | 'User' };
}

/** The part of GitHub's REST API that a comment with pictures needs, kept in memory; every request has to carry the token. */
export class GithubServer {
  readonly comments: Comment[] = [];
  /** Whose the token is; undefined: an app's, which GitHub does not name (403), and whose comments are by a bot. */
  viewer: string | undefined;
  readonly blobs = new Map<string, Buffer>();
  /** Of each tree, the blob of each path. */
  readonly trees = new Map<string, Map<string, string>>();
  readonly commits = new Map<string, Commit>();
  readonly refs = new Map<string, string>();
  /** The status that writes are refused with. */
  refuses: number | undefined;
  readonly #server: Server;

  constructor(readonly token: string) {
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        ([status, body]) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<[number, unknown]> {
    if (request.headers.authorization !== `Bearer ${this.token}`) return [401, { message: 'Bad credentials' }];
    const url = new URL(request.url ?? '/', 'http://x');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (request.method !== 'GET' && this.refuses !== undefined)
      return [this.refuses, { message: 'Resource not accessible' }];
    if (url.pathname === '/user') {
      return this.viewer === undefined
        ? [403, { message: 'Resource not accessible by integration' }]
        : [200, { login: this.viewer }];
    }
    const [, name] = /^\/repos\/owner\/repo\/(.*)$/.exec(url.pathname) ?? [];
    return this.#handle(`${request.method} ${name}`, url, body);
  }

  #handle(what: string, url: URL, body: Record<string, never>): [number, unknown] {
    if (what === 'GET issues/7/comments') {
      const [size, page] = ['per_page', 'page'].map((key) => Number(url.searchParams.get(key)));
      return [200, this.comments.slice((page - 1) * size, page * size)];
    }
    if (what === 'POST issues/7/comments') return [201, this.add(body.body, this.viewer)];
    const [, id] = /^PATCH issues\/comments\/(\d+)$/.exec(what) ?? [];
    if (id !== undefined) {
      const comment = this.comments.find((candidate) => candidate.id === Number(id));
      if (comment === undefined) return [404, {}];
      comment.body = body.body;
      return [200, comment];
    }
    return this.#handleGit(what, body);
  }

  #handleGit(what: string, body: Record<string, never>): [number, unknown] {
    const sha = randomBytes(20).toString('hex');
    const [, branch] = /^(?:GET git\/ref|PATCH git\/refs)\/heads\/(.+)$/.exec(what) ?? [];
    if (what.startsWith('GET git/ref/') && branch !== undefined) {
      const at = this.refs.get(branch);
      return at === undefined ? [404, {}] : [200, { object: { sha: at } }];
    }
    const [, commit] = /^GET git\/commits\/(.+)$/.exec(what) ?? [];
    if (commit !== undefined) return [200, { tree: { sha: this.commits.get(commit)?.tree } }];
    if (what === 'POST git/blobs') this.blobs.set(sha, Buffer.from(body.content, 'base64'));
    else if (what === 'POST git/trees') {
      const tree = new Map(this.trees.get(body.base_tree ?? ''));
      for (const entry of body.tree as { path: string; sha: string }[]) tree.set(entry.path, entry.sha);
      this.trees.set(sha, tree);
    } else if (what === 'POST git/commits') this.commits.set(sha, { tree: body.tree, parents: body.parents });
    else if (what === 'POST git/refs') this.refs.set(String(body.ref).replace('refs/heads/', ''), body.sha);
    else if (branch !== undefined) this.refs.set(branch, body.sha);
    else return [404, { message: what }];
    return [201, { sha }];
  }

  /** @param login of a person; undefined: the app's bot. */
  add(body: string, login?: string): Comment {
    const id = this.comments.length + 1;
    const html_url = `https://github.example/owner/repo/pull/7#issuecomment-${id}`;
    const user =
      login === undefined ? { login: 'github-actions[bot]', type: 'Bot' as const } : { login, type: 'User' as const };
    const comment = { id, body, html_url, user };
    this.comments.push(comment);
    return comment;
  }
}
