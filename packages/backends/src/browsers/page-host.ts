import { setTimeout as setTimer } from 'node:timers/promises';
import { BackendError } from '@retinabench/core';
import type { BrowserName } from '../backend/browser-name.js';
import { startLimitMs } from '../workers/start-limit.js';
import { WorkerLostError } from '../workers/worker-lost-error.js';
import type { LaunchOptions } from './launch/browser-flags.js';
import { findBrowser } from './launch/find-browser.js';
import { type LaunchedBrowser, lastWordsMs, launchBrowser } from './launch/launch-browser.js';
import { withinStart } from './launch/within-start.js';
import { PageServer } from './serve/page-server.js';
import { servedFolders } from './serve/served-folders.js';
import type { PageCalls, PageReply } from './wire/calls.js';
import { errorClasses } from './wire/error-classes.js';

/** How a page is opened. */
export interface PageOptions extends Omit<LaunchOptions, 'url'> {
  /** Longest time of an answer, after which the browser is ended; absent: no limit. */
  readonly limitMs?: number;
}

/** A browser of this machine with the page that computes in it. One question at a time. */
export class PageHost {
  readonly #name: string;
  readonly #launched: LaunchedBrowser;
  readonly #server: PageServer;
  readonly #limitMs: number | undefined;
  /** Why the page cannot answer any more. */
  #lost: string | undefined;
  /** It was ended because an answer took too long. */
  #timedOut = false;
  readonly #whenLost: Promise<string>;
  #setLost: (reason: string) => void = () => undefined;
  #closing: Promise<void> | undefined;
  #questions = 0;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(name: string, launched: LaunchedBrowser, server: PageServer, limitMs: number | undefined) {
    this.#name = name;
    this.#limitMs = limitMs;
    this.#launched = launched;
    this.#server = server;
    this.#whenLost = new Promise((resolve) => {
      this.#setLost = (reason) => {
        this.#lost ??= reason;
        resolve(this.#lost);
      };
    });
    launched.ended.then((how) => this.#setLost(`its browser ended (${how})`));
  }

  /**
   * Start the browser and open the page in it.
   *
   * @param place what messages call it: the id of the backend.
   * @throws {BackendError} if the browser is missing, does not start or does not load the page.
   */
  static async open(browser: BrowserName, place: string, options: PageOptions): Promise<PageHost> {
    const found = findBrowser(browser);
    if ('reason' in found) throw new BackendError(`backend ${place}: ${found.reason}; ${found.remedy}`);
    const server = await PageServer.start(servedFolders());
    const arrived = new Promise<void>((resolve) => {
      server.onOpen = resolve;
    });
    try {
      const launched = await launchBrowser(browser, found.executable, { ...options, url: server.url });
      const host = new PageHost(place, launched, server, options.limitMs);
      try {
        await host.#openPage(arrived);
        return host;
      } catch (error) {
        await launched.close();
        throw error;
      }
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /**
   * Ask the page; waits for the question before.
   *
   * @throws the typed error that the page reports.
   * @throws {WorkerLostError} if the page, its browser or the GPU that it computes on is gone, or the answer takes too long.
   */
  ask<Name extends keyof PageCalls>(call: Name, ask: PageCalls[Name]['ask']): Promise<PageCalls[Name]['answer']> {
    const turn = this.#queue.then(() => this.#ask(call, ask));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** End the browser; a second call waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#setLost('it was closed');
    await this.#launched.close();
    this.#server.close();
  }

  async #openPage(arrived: Promise<void>): Promise<void> {
    this.#server.onGone = () => this.#setLost('its page is gone (closed, crashed or out of memory)');
    let complaint = '';
    const navigation = this.#launched
      .openPage({
        onCrash: () => this.#setLost('its page crashed (out of memory, or a fault of the browser)'),
        onComplaint: (message) => {
          complaint ||= message;
        },
      })
      .then(
        () => arrived,
        // A driver whose connection closes hears of it before anyone hears why the browser ended.
        async (error: Error) => {
          const reason = await Promise.race([this.#whenLost, setTimer(lastWordsMs, undefined, { ref: false })]);
          if (reason !== undefined) throw this.#lostError(reason);
          throw new BackendError(
            `backend ${this.#name}: the page did not open: ${error.message}; run retinabench doctor`,
            { cause: error },
          );
        },
      );
    navigation.catch(() => undefined);
    const lost = this.#whenLost.then((reason) => Promise.reject(this.#lostError(reason)));
    await withinStart(Promise.race([navigation, lost]), (seconds) => {
      const why = complaint === '' ? '' : `: ${complaint}`;
      return new BackendError(
        `backend ${this.#name}: the page did not load within ${seconds} s${why}; run retinabench doctor`,
      );
    });
  }

  async #ask<Name extends keyof PageCalls>(
    call: Name,
    ask: PageCalls[Name]['ask'],
  ): Promise<PageCalls[Name]['answer']> {
    if (this.#lost !== undefined) throw this.#lostError(this.#lost);
    const id = ++this.#questions;
    const stopClock = this.#startClock(call);
    const reply = await Promise.race([
      this.#server.ask({ id, call, ask }),
      this.#whenLost.then((reason) => Promise.reject(this.#lostError(reason))),
    ]).finally(stopClock);
    if (reply.id !== id) throw new BackendError(`backend ${this.#name}: the page answered another question`);
    if ('answer' in reply) return reply.answer as PageCalls[Name]['answer'];
    throw this.#errorOf(reply);
  }

  /** End the browser if its answer takes too long; gives what stops the clock. */
  #startClock(call: keyof PageCalls): () => void {
    // What the page tells of itself is part of starting it.
    if (this.#limitMs === undefined || call === 'facts') return () => undefined;
    // Loading a model may take longer than an image.
    const limitMs = call === 'open' ? Math.max(this.#limitMs, startLimitMs()) : this.#limitMs;
    const timer = setTimeout(() => {
      this.#timedOut = this.#lost === undefined;
      this.#setLost(
        `its page took longer than ${Math.round(limitMs) / 1000} s and was ended; raise --image-timeout if it may`,
      );
      void this.close();
    }, limitMs);
    return () => clearTimeout(timer);
  }

  #errorOf({ error: { name, message }, lost }: Extract<PageReply, { error: unknown }>): Error {
    if (lost) {
      this.#setLost(message);
      return this.#lostError(message);
    }
    if (Object.hasOwn(errorClasses, name)) return new errorClasses[name as keyof typeof errorClasses](message);
    return new BackendError(`backend ${this.#name}: ${name}: ${message}`);
  }

  #lostError(reason: string): WorkerLostError {
    return new WorkerLostError(`backend ${this.#name}: ${reason}`, { timedOut: this.#timedOut });
  }
}
