import { element } from '../element.js';

/** A list of which only what is in sight is there. */
export interface VirtualRows {
  readonly element: HTMLElement;
  /** Another number of rows, or the same with other content: those in sight are made again. */
  setCount(count: number): void;
  /** Scroll so that a row is in sight. */
  reveal(row: number): void;
}

/** How rows are made. */
export interface VirtualRowsOptions {
  readonly rowPx: number;
  readonly label: string;
  readonly role: string;
  makeRow(row: number): HTMLElement;
}

/** Rows above and below what is in sight that are made, too. */
const beyond = 4;

/** A list of rows of one height. */
export function virtualRows({ rowPx, label, role, makeRow }: VirtualRowsOptions): VirtualRows {
  const room = element('div', { class: 'rows-room' });
  const list = element('div', { class: 'rows', tabindex: 0, role, 'aria-label': label }, room);
  const made = new Map<number, HTMLElement>();
  let count = 0;
  const draw = (): void => {
    const first = Math.max(0, Math.floor(list.scrollTop / rowPx) - beyond);
    const end = Math.min(count, Math.ceil((list.scrollTop + list.clientHeight) / rowPx) + beyond);
    for (const [row, old] of made) {
      if (row >= first && row < end) continue;
      old.remove();
      made.delete(row);
    }
    for (let row = first; row < end; row++) {
      if (made.has(row)) continue;
      const next = makeRow(row);
      next.style.top = `${row * rowPx}px`;
      next.style.height = `${rowPx}px`;
      made.set(row, next);
      room.append(next);
    }
  };
  list.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(draw).observe(list);
  return {
    element: list,
    setCount: (next) => {
      count = next;
      room.style.height = `${count * rowPx}px`;
      for (const old of made.values()) old.remove();
      made.clear();
      draw();
    },
    reveal: (row) => {
      if (row < 0) return;
      const top = row * rowPx;
      if (top < list.scrollTop) list.scrollTop = top;
      else if (top + rowPx > list.scrollTop + list.clientHeight) list.scrollTop = top + rowPx - list.clientHeight;
      draw();
    },
  };
}
